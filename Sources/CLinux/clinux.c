#define _GNU_SOURCE
#include "clinux.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_ioctl_int(int descriptor, unsigned long request, long argument) {
    return ioctl(descriptor, request, argument);
}

int clinux_ioctl_pointer(int descriptor, unsigned long request, void *argument) {
    return ioctl(descriptor, request, argument);
}

char **clinux_environment(void) { return environ; }

int clinux_memfd(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int clinux_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

int clinux_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int clinux_duplicate_above(int descriptor, int lowest) { return fcntl(descriptor, F_DUPFD_CLOEXEC, lowest); }

static int set_attributes(posix_spawnattr_t *attributes, int leads_group) {
    sigset_t signals;
    sigemptyset(&signals);
    int result = posix_spawnattr_setsigmask(attributes, &signals);
    if (result != 0) return result;
    const int defaults[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGALRM};
    for (unsigned i = 0; i < sizeof defaults / sizeof *defaults; i++) sigaddset(&signals, defaults[i]);
    result = posix_spawnattr_setsigdefault(attributes, &signals);
    if (result != 0) return result;
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (leads_group ? POSIX_SPAWN_SETPGROUP : 0);
    return posix_spawnattr_setflags(attributes, flags);
}

static int set_actions(posix_spawn_file_actions_t *actions, const int *streams, int count, const char *directory) {
    int result = 0;
    for (int i = 0; i < count && result == 0; i++)
        result = posix_spawn_file_actions_adddup2(actions, streams[i], i);
    if (result == 0) result = posix_spawn_file_actions_addclosefrom_np(actions, count);
    if (result == 0 && directory) result = posix_spawn_file_actions_addchdir_np(actions, directory);
    return result;
}

int clinux_spawn(pid_t *process, const char *path, char *const *arguments, char *const *environment,
                 const int *streams, int count, const char *directory, int leads_group) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int result = posix_spawn_file_actions_init(&actions);
    if (result != 0) return result;
    result = posix_spawnattr_init(&attributes);
    if (result == 0) {
        result = set_attributes(&attributes, leads_group);
        if (result == 0) result = set_actions(&actions, streams, count, directory);
        if (result == 0) result = posix_spawn(process, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

void clinux_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

int clinux_exited(int status) { return WIFEXITED(status); }

int clinux_exit_status(int status) { return WEXITSTATUS(status); }

int clinux_termination_signal(int status) { return WTERMSIG(status); }
