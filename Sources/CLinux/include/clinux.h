// What Swift's Glibc module does not import: variadic calls, function-like macros and ioctl numbers.
// Nothing here decides anything; every name starts with clinux_.
#pragma once
#include <stdint.h>

#pragma clang assume_nonnull begin

/// ioctl(2) with an integer argument; returns -1 and sets errno on failure.
int clinux_ioctl_int(int descriptor, unsigned long request, long argument);
/// ioctl(2) with a pointer argument; returns -1 and sets errno on failure.
int clinux_ioctl_pointer(int descriptor, unsigned long request, void *argument);

#pragma clang assume_nonnull end
