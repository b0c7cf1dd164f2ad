#!/bin/sh
# Hook "cmdline": claims root= when the command line is ours, because dracut boots nothing that nobody claims.

if getarg lifeboot.role >/dev/null || getarg cos-img/filename >/dev/null; then
    # dracut reads these after it has sourced this file.
    # shellcheck disable=SC2034
    root=lifeboot
    # shellcheck disable=SC2034
    rootok=1
fi
