// What Swift's Glibc module does not import: variadic calls, function-like macros, ioctl numbers and global variables.
// Nothing here decides anything; every name starts with clinux_.
#pragma once
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// The arguments with which this process was started, ended by a null pointer; null when the C library did not say.
/// Swift's own `CommandLine` reads `/proc/self/cmdline`, and is empty when that fails.
char *_Nullable *_Nullable clinux_arguments(void);
/// The environment of this process, ended by a null pointer; null when there is none.
char *_Nullable *_Nullable clinux_environment(void);
/// lckpwdf(3): 0, or -1 when the lock of the account files cannot be had in 15 seconds.
int clinux_lock_accounts(void);

/// ulckpwdf(3).
int clinux_unlock_accounts(void);

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

/// O_PATH: a descriptor that names a file without opening it.
extern const int clinux_path_only;
/// O_DIRECT: reads and writes past the page cache.
extern const int clinux_direct;
/// fallocate(2) with FALLOC_FL_KEEP_SIZE: reserves space for the first `length` bytes.
int clinux_reserve(int descriptor, off_t length);
/// openat2(2): `path` below `directory` as if that were the root (RESOLVE_IN_ROOT), no magic links, O_CLOEXEC; onto what is
/// mounted below it only where `crosses_mounts` is not 0 (RESOLVE_NO_XDEV).
int clinux_open_in_root(int directory, const char *path, int flags, mode_t mode, int crosses_mounts);

/// eventfd(2), non-blocking: a counter that one thread raises and another polls.
int clinux_event(void);

/// LOOP_CTL_GET_FREE: the number of a free loop device.
int clinux_loop_free(int control);
/// LOOP_CONFIGURE (Linux 5.8): binds `file` to the loop device; `name` is what losetup shows.
int clinux_loop_configure(int loop, int file, int read_only, int direct, int autoclear, uint32_t block_size,
                          const char *name);
/// LOOP_GET_STATUS64: 1 when the device bypasses the page cache of its file, 0 when not.
int clinux_loop_is_direct(int loop);
/// LOOP_CLR_FD: takes the file off the loop device.
int clinux_loop_clear(int loop);

/// The major number in a device number.
unsigned clinux_major(dev_t device);
/// The minor number in a device number.
unsigned clinux_minor(dev_t device);
/// syncfs(2).
int clinux_syncfs(int descriptor);
/// FIFREEZE: makes the filesystem's state on the disk whole and stops writes.
int clinux_freeze(int descriptor);
/// FITHAW: lets writes go on.
int clinux_thaw(int descriptor);

/// Opens a netlink socket that receives the kernel's own device events; non-blocking, O_CLOEXEC.
int clinux_uevent_socket(void);
/// Receives one event; 0 when it did not come from the kernel.
ssize_t clinux_uevent_receive(int socket, void *buffer, size_t capacity);

/// Opens a netlink socket to the kernel's interfaces, addresses and routes that hears of changes to those of the groups
/// (RTMGRP_…, rtnetlink(7)); non-blocking, O_CLOEXEC.
int clinux_route_socket(unsigned groups);
/// Sends one datagram to the socket of that name; -1 when nobody takes it at once.
int clinux_send_datagram(const char *path, const void *bytes, size_t count);

/// WDIOC_SETTIMEOUT; returns the seconds that the driver chose.
int clinux_watchdog_timeout(int watchdog, int seconds);
/// WDIOC_KEEPALIVE.
int clinux_watchdog_keepalive(int watchdog);

/// What clinux_reboot does.
enum clinux_reboot_action { CLINUX_RESTART, CLINUX_POWER_OFF, CLINUX_HALT };
/// reboot(2) at once, without stopping anything; returns only on failure.
int clinux_reboot(enum clinux_reboot_action action);

/// Lists the names of a path's extended attributes, each ended by a NUL; links are not followed. llistxattr(2).
long clinux_attribute_names(const char *path, char *buffer, unsigned long size);
/// Reads an extended attribute; links are not followed. lgetxattr(2).
long clinux_attribute_value(const char *path, const char *name, void *buffer, unsigned long size);
/// Sets an extended attribute; links are not followed. lsetxattr(2).
int clinux_set_attribute(const char *path, const char *name, const void *value, unsigned long size);
/// Exchanges two names in one step. renameat2(2) with RENAME_EXCHANGE.
int clinux_exchange_names(const char *one, const char *other);
/// BLKPG_RESIZE_PARTITION: tells the kernel the new size of a partition in use; start and length in bytes.
int clinux_resize_partition(int disk, int number, long long start, long long length);
/// BLKPG_ADD_PARTITION: tells the kernel of a partition; start and length in bytes; EBUSY when it knows one there.
int clinux_add_partition(int disk, int number, long long start, long long length);
/// BLKRRPART: reads the partition table again; EBUSY when a partition is in use.
int clinux_reread_partitions(int disk);
/// From now on SIGINT, SIGTERM and SIGHUP only set a flag; children that are started get the default back.
int clinux_catch_interruptions(void);
/// From now on those of SIGINT, SIGTERM and SIGHUP that are not ignored wait until somebody awaits them, in this thread and
/// those that it starts; children get none of that.
int clinux_hold_interruptions(void);
/// Waits for one that is held, and returns its number.
int clinux_await_interruption(void);
/// The last of those signals that came; 0 when none did.
int clinux_interruption(void);
/// Sets the same flag by SIGALRM after so many seconds, in place of an earlier call's; 0 takes that back. alarm(2).
void clinux_interrupt_after(unsigned seconds);
/// Lets SIGINT and SIGQUIT, which a terminal's keys send, do nothing to this process, or again what they do by default;
/// children that are started get the default.
void clinux_ignore_keyboard(int ignore);
/// Gives this process mounts of its own: what it mounts nobody else sees, and its end undoes; what others unmount is
/// unmounted here too. unshare(2), mount(2) with MS_SLAVE.
int clinux_unshare_mounts(void);
/// Lets this process have the network and the mounts of others, by descriptors of /proc/<number>/ns; root and working
/// directory are the root of these mounts then. setns(2).
int clinux_join_namespaces(int network, int mounts);
/// Mounts a device where nobody sees it, with nodev, nosuid and noexec: a descriptor of its root. Closing that, or the
/// end of the process, unmounts it. What is read only is not written to, not even by ext4's journal. fsopen(2),
/// fsconfig(2), fsmount(2).
int clinux_mount_unseen(const char *device, const char *filesystem, int read_only);
/// Lets the disk begin to write what of a file is only in memory, without waiting; advice, hence without a result.
/// sync_file_range(2).
void clinux_start_writing(int descriptor);
/// Waits until the disk was given all of a part of a file. What the disk keeps in its own cache, and what tells where the
/// part lies, are not made durable by it. sync_file_range(2).
int clinux_finish_writing(int descriptor, long long offset, long long length);
/// finit_module(2): loads the module in a file with its parameters; `compressed` (Linux 5.17) when the kernel itself is to
/// decompress it.
int clinux_load_module(int file, const char *parameters, int compressed);
/// getrandom(2) with GRND_INSECURE (Linux 5.6): never waits for the kernel's entropy.
long clinux_random_at_once(void *buffer, unsigned long size);
/// The kind of filesystem that a descriptor is on, as f_type of statfs(2) has it; -1 on failure.
long clinux_filesystem_kind(int descriptor);
/// RAMFS_MAGIC and TMPFS_MAGIC, what an initramfs is on.
extern const long clinux_ramfs, clinux_tmpfs;

#pragma clang assume_nonnull end
