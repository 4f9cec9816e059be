/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the lists of episodes have in common. */
#ifndef PAGETRAIL_READBACK_EPISODE_H
#define PAGETRAIL_READBACK_EPISODE_H

#include "readback/take.h"

/* All zero; belongs to the caller. NULL, and a failure, without memory. */
struct episode *episode_new(struct taker *take);

/* Who asked, and for what, into `worst` and its episode. */
void episode_take_request(struct taker *take, struct json_object *from, struct worst *worst);

#endif
