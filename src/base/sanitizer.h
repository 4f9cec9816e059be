/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this built with the address sanitizer? It reserves terabytes of addresses and reads files of its
 * own, which what confines a process has to leave to it.
 */
#ifndef PAGETRAIL_BASE_SANITIZER_H
#define PAGETRAIL_BASE_SANITIZER_H

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifndef HAS_ASAN
#define HAS_ASAN 0
#endif

#endif
