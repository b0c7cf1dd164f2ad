#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/reboot.h>
#include <linux/watchdog.h>
#include <sched.h>
#include <shadow.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static char **arguments;

// glibc hands the arguments of main to every constructor.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
    if (count > 0) arguments = values;
}

char **clinux_arguments(void) { return arguments; }

char **clinux_environment(void) { return environ; }

int clinux_lock_accounts(void) { return lckpwdf(); }

int clinux_unlock_accounts(void) { return ulckpwdf(); }

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

const int clinux_path_only = O_PATH;
const int clinux_direct = O_DIRECT;

int clinux_reserve(int descriptor, off_t length) { return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, length); }

int clinux_open_in_root(int directory, const char *path, int flags, mode_t mode, int crosses_mounts) {
    struct open_how how = {
        .flags = (uint64_t)(flags | O_CLOEXEC),
        .mode = (flags & O_CREAT) ? mode : 0,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (crosses_mounts ? 0 : RESOLVE_NO_XDEV),
    };
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int clinux_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int clinux_loop_free(int control) { return ioctl(control, LOOP_CTL_GET_FREE); }

int clinux_loop_configure(int loop, int file, int read_only, int direct, int autoclear, uint32_t block_size,
                          const char *name) {
    struct loop_config config = {.fd = (uint32_t)file, .block_size = block_size};
    config.info.lo_flags = (read_only ? LO_FLAGS_READ_ONLY : 0) | (direct ? LO_FLAGS_DIRECT_IO : 0) |
                           (autoclear ? LO_FLAGS_AUTOCLEAR : 0);
    strncpy((char *)config.info.lo_file_name, name, sizeof config.info.lo_file_name - 1);
    return ioctl(loop, LOOP_CONFIGURE, &config);
}

int clinux_loop_is_direct(int loop) {
    struct loop_info64 info;
    if (ioctl(loop, LOOP_GET_STATUS64, &info) != 0) return -1;
    return (info.lo_flags & LO_FLAGS_DIRECT_IO) != 0;
}

int clinux_loop_clear(int loop) { return ioctl(loop, LOOP_CLR_FD); }

unsigned clinux_major(dev_t device) { return major(device); }

unsigned clinux_minor(dev_t device) { return minor(device); }

static volatile sig_atomic_t interruption;

static void note_interruption(int signal) { interruption = signal; }

int clinux_catch_interruptions(void) {
    struct sigaction action = {.sa_handler = note_interruption, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t index = 0; index < 3; index++) {
        const int signals[] = {SIGINT, SIGTERM, SIGHUP};
        if (sigaction(signals[index], &action, NULL) != 0) return -1;
    }
    return 0;
}

// Those that nobody has told this process to ignore, as shells do for what runs in the background.
static void heeded_interruptions(sigset_t *signals) {
    const int all[] = {SIGINT, SIGTERM, SIGHUP};
    sigemptyset(signals);
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        struct sigaction action;
        if (sigaction(all[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(signals, all[i]);
    }
}

int clinux_hold_interruptions(void) {
    sigset_t signals;
    heeded_interruptions(&signals);
    errno = pthread_sigmask(SIG_BLOCK, &signals, NULL);
    return errno == 0 ? 0 : -1;
}

int clinux_await_interruption(void) {
    sigset_t signals;
    int number = 0;
    heeded_interruptions(&signals);
    errno = sigwait(&signals, &number);
    return errno == 0 ? number : -1;
}

int clinux_interruption(void) { return interruption; }

void clinux_interrupt_after(unsigned seconds) {
    struct sigaction action = {.sa_handler = note_interruption, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    // Fails for no signal that can be caught; without a handler the alarm would end the process.
    if (sigaction(SIGALRM, &action, NULL) == 0) alarm(seconds);
}

void clinux_ignore_keyboard(int ignore) {
    signal(SIGINT, ignore ? SIG_IGN : SIG_DFL);
    signal(SIGQUIT, ignore ? SIG_IGN : SIG_DFL);
}

int clinux_unshare_mounts(void) {
    if (unshare(CLONE_NEWNS) != 0) return -1;
    return mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL);
}

int clinux_join_namespaces(int network, int mounts) {
    // The network first: it says nothing of files, so that a process that may not go on is where it was.
    if (setns(network, CLONE_NEWNET) != 0) return -1;
    return setns(mounts, CLONE_NEWNS);
}

static int configure_mount(int context, const char *device, const char *filesystem, int read_only) {
    if (fsconfig(context, FSCONFIG_SET_STRING, "source", device, 0) != 0) return -1;
    if (read_only && fsconfig(context, FSCONFIG_SET_FLAG, "ro", NULL, 0) != 0) return -1;
    // Else what is to be read only is written to, where the last writer did not end well.
    if (read_only && strcmp(filesystem, "ext4") == 0 && fsconfig(context, FSCONFIG_SET_FLAG, "noload", NULL, 0) != 0)
        return -1;
    if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) return -1;
    unsigned attributes = MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
    return fsmount(context, FSMOUNT_CLOEXEC, attributes | (read_only ? MOUNT_ATTR_RDONLY : 0));
}

int clinux_mount_unseen(const char *device, const char *filesystem, int read_only) {
    int context = fsopen(filesystem, FSOPEN_CLOEXEC);
    if (context < 0) return -1;
    int root = configure_mount(context, device, filesystem, read_only);
    int saved = errno;
    close(context);
    errno = saved;
    return root;
}

int clinux_syncfs(int descriptor) { return syncfs(descriptor); }

int clinux_freeze(int descriptor) { return ioctl(descriptor, FIFREEZE, 0); }

int clinux_thaw(int descriptor) { return ioctl(descriptor, FITHAW, 0); }

static int bound_netlink(int descriptor, unsigned groups) {
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
    int saved = errno;
    close(descriptor);
    errno = saved;
    return -1;
}

int clinux_uevent_socket(void) {
    int descriptor = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
    if (descriptor < 0) return -1;
    int size = 8 << 20;
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    return bound_netlink(descriptor, 1);
}

int clinux_route_socket(unsigned groups) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    return descriptor < 0 ? -1 : bound_netlink(descriptor, groups);
}

ssize_t clinux_uevent_receive(int socket, void *buffer, size_t capacity) {
    struct sockaddr_nl sender = {0};
    socklen_t length = sizeof sender;
    ssize_t size = recvfrom(socket, buffer, capacity, 0, (struct sockaddr *)&sender, &length);
    return size > 0 && sender.nl_pid != 0 ? 0 : size;
}

int clinux_send_datagram(const char *path, const void *bytes, size_t count) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return -1;
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    ssize_t sent = sendto(descriptor, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
    close(descriptor);
    return sent == (ssize_t)count ? 0 : -1;
}

int clinux_watchdog_timeout(int watchdog, int seconds) {
    return ioctl(watchdog, WDIOC_SETTIMEOUT, &seconds) != 0 ? -1 : seconds;
}

int clinux_watchdog_keepalive(int watchdog) { return ioctl(watchdog, WDIOC_KEEPALIVE, 0); }

int clinux_reboot(enum clinux_reboot_action action) {
    unsigned commands[] = {LINUX_REBOOT_CMD_RESTART, LINUX_REBOOT_CMD_POWER_OFF, LINUX_REBOOT_CMD_HALT};
    return (int)syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, commands[action], 0);
}

long clinux_attribute_names(const char *path, char *buffer, unsigned long size) {
    return llistxattr(path, buffer, size);
}

long clinux_attribute_value(const char *path, const char *name, void *buffer, unsigned long size) {
    return lgetxattr(path, name, buffer, size);
}

int clinux_set_attribute(const char *path, const char *name, const void *value, unsigned long size) {
    return lsetxattr(path, name, value, size, 0);
}

int clinux_exchange_names(const char *one, const char *other) {
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

static int tell_of_partition(int operation, int disk, int number, long long start, long long length) {
    struct blkpg_partition partition = {.start = start, .length = length, .pno = number};
    struct blkpg_ioctl_arg request = {.op = operation, .datalen = sizeof partition, .data = &partition};
    return ioctl(disk, BLKPG, &request);
}

int clinux_resize_partition(int disk, int number, long long start, long long length) {
    return tell_of_partition(BLKPG_RESIZE_PARTITION, disk, number, start, length);
}

int clinux_add_partition(int disk, int number, long long start, long long length) {
    return tell_of_partition(BLKPG_ADD_PARTITION, disk, number, start, length);
}

int clinux_reread_partitions(int disk) { return ioctl(disk, BLKRRPART); }

void clinux_start_writing(int descriptor) { (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); }

int clinux_finish_writing(int descriptor, long long offset, long long length) {
    return sync_file_range(descriptor, offset, length,
                           SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

#ifndef MODULE_INIT_COMPRESSED_FILE
#define MODULE_INIT_COMPRESSED_FILE 4
#endif
#ifndef GRND_INSECURE
#define GRND_INSECURE 4
#endif

int clinux_load_module(int file, const char *parameters, int compressed) {
    return (int)syscall(SYS_finit_module, file, parameters, compressed ? MODULE_INIT_COMPRESSED_FILE : 0);
}

long clinux_random_at_once(void *buffer, unsigned long size) { return getrandom(buffer, size, GRND_INSECURE); }

long clinux_filesystem_kind(int descriptor) {
    struct statfs status;
    return fstatfs(descriptor, &status) == 0 ? (long)status.f_type : -1;
}

const long clinux_ramfs = RAMFS_MAGIC, clinux_tmpfs = TMPFS_MAGIC;
