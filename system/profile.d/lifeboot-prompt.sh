# Shows in the prompt of login shells which system this is, where it is not the active one: "(recovery) root@host:~#".
# The name of the host stays what it is. To have no such prompt, put an empty file of this name into /etc/profile.d.
# shellcheck shell=sh

for lifeboot_role in recovery passive live none; do
    if [ -e "/run/lifeboot/${lifeboot_role}_mode" ]; then break; fi
done
if [ "$lifeboot_role" != none ] && [ -n "${PS1-}" ]; then
    PS1="($lifeboot_role) $PS1"
    if [ -n "${BASH_VERSION-}" ]; then
        # What a user's own files set after this is given the role, too.
        PROMPT_COMMAND="case \$PS1 in \"($lifeboot_role) \"*) ;; *) PS1=\"($lifeboot_role) \$PS1\" ;; esac${PROMPT_COMMAND:+
$PROMPT_COMMAND}"
    fi
fi
unset lifeboot_role
