/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The version, and those of the libraries: asked of the library that is loaded where it can tell, else
 * of the one that was there at the build, and then that is said.
 */
#ifndef PAGETRAIL_CMD_VERSION_H
#define PAGETRAIL_CMD_VERSION_H

#include <stdio.h>

/* The first line is "pagetrail VERSION", the others one library each. */
void version_print(FILE *out);

#endif
