#!/bin/sh
# Hook "mount" without systemd: mounts the root image. dracut calls it again until the root is mounted, and a
# second attempt would find what the first one left, so a failure ends here: in a shell, or in what rd.emergency= says.

# shellcheck disable=SC2154 # dracut sets it
if [ "$root" = lifeboot ] && ! getargbool 0 lifeboot.disable && ! getargbool 0 rd.cos.disable &&
    ! getargbool 0 elemental.disable; then
    /usr/lib/lifeboot/lifeboot-init || die "lifeboot-init failed: it printed the cause above."
fi
