// What Swift's Glibc module does not import: variadic calls, function-like macros, ioctl numbers and global variables.
// Nothing here decides anything; every name starts with clinux_.
#pragma once
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// ioctl(2) with an integer argument; returns -1 and sets errno on failure.
int clinux_ioctl_int(int descriptor, unsigned long request, long argument);
/// ioctl(2) with a pointer argument; returns -1 and sets errno on failure.
int clinux_ioctl_pointer(int descriptor, unsigned long request, void *argument);

/// The environment of this process, ended by a null pointer; null when there is none.
char *_Nullable *_Nullable clinux_environment(void);
/// memfd_create(2) with MFD_CLOEXEC.
int clinux_memfd(const char *name);
/// pipe2(2) with O_CLOEXEC; fills two descriptors, reading and writing.
int clinux_pipe(int *ends);
/// pidfd_open(2); ENOSYS before Linux 5.3.
int clinux_pidfd_open(pid_t process);
/// fcntl(2) with F_DUPFD_CLOEXEC: a duplicate not lower than `lowest`.
int clinux_duplicate_above(int descriptor, int lowest);
/// posix_spawn(3) with the GNU extensions: the child's descriptors 0 to `count` - 1 are `streams` (each at least
/// `count`), all others closed; default signals; in `directory` unless null; leading a group when asked.
/// Returns 0 or an error number.
int clinux_spawn(pid_t *process, const char *path, char *_Nullable const *_Nonnull arguments,
                 char *_Nullable const *_Nullable environment, const int *streams, int count,
                 const char *_Nullable directory, int leads_group);
/// Makes writes to a closed pipe fail with EPIPE instead of ending this process.
void clinux_ignore_broken_pipes(void);
/// Whether a wait status is of a process that exited.
int clinux_exited(int status);
/// The exit status in a wait status.
int clinux_exit_status(int status);
/// The signal in a wait status.
int clinux_termination_signal(int status);

#pragma clang assume_nonnull end
