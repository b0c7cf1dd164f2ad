#include "clinux.h"

#include <sys/ioctl.h>

int clinux_ioctl_int(int descriptor, unsigned long request, long argument) {
    return ioctl(descriptor, request, argument);
}

int clinux_ioctl_pointer(int descriptor, unsigned long request, void *argument) {
    return ioctl(descriptor, request, argument);
}
