/* Tells the tide to whoever connects to a port, in HTTP: tide PORT. */
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* From one high water to the next the moon takes 12 hours and 25 minutes. */
enum { PERIOD = 12 * 3600 + 25 * 60 };

/* Tells systemd that the port is open, as sd_notify(3) has it. */
static void tell_ready(void) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof address.sun_path) return;
    strcpy(address.sun_path, path);
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + strlen(path);
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
    int notification = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sendto(notification, "READY=1", 7, 0, (struct sockaddr *)&address, length);
    close(notification);
}

static void answer(int client) {
    struct timeval patience = {.tv_sec = 5};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char question[1024];
    if (read(client, question, sizeof question) <= 0) return;
    const char *tide = time(NULL) % PERIOD < PERIOD / 2 ? "falling" : "rising";
    dprintf(client, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nThe tide is %s.\n", tide);
}

int main(int count, char **arguments) {
    signal(SIGPIPE, SIG_IGN);
    int on = 1, port = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(count > 1 ? atoi(arguments[1]) : 8090)};
    setsockopt(port, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(port, (struct sockaddr *)&address, sizeof address) != 0 || listen(port, 16) != 0) {
        perror("tide: cannot listen");
        return 1;
    }
    tell_ready();
    for (;;) {
        int client = accept(port, NULL, NULL);
        if (client < 0) continue;
        answer(client);
        shutdown(client, SHUT_WR);
        close(client);
    }
}
