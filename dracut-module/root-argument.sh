#!/bin/sh
# Hook "cmdline": claims root= when the command line is ours, because dracut boots nothing that nobody claims. Told to
# stand aside, it leaves an ordinary root= to dracut; these are the names by which the agent is told the same.

if ! getargbool 0 lifeboot.disable && ! getargbool 0 rd.cos.disable && ! getargbool 0 elemental.disable &&
    { getarg lifeboot.role >/dev/null || getarg lifeboot.mode >/dev/null || getarg cos-img/filename >/dev/null; }; then
    # dracut reads these after it has sourced this file.
    # shellcheck disable=SC2034
    root=lifeboot
    # shellcheck disable=SC2034
    rootok=1
fi
