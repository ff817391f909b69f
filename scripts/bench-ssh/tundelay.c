/* A fixed delay between two network namespaces, in user space: a stand-in for `tc qdisc add dev X root netem delay D`
 * on kernels without netem.
 *
 *   tundelay PID_IN_A PID_IN_B ONE_WAY_US
 *
 * Opens a TUN device of the same name in each namespace and carries every packet from one to the other when its time
 * has come. Prints "ready" once both devices are there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 32768
#define MTU 1600

struct pkt { int64_t due; int len; unsigned char data[MTU]; };
struct dir { int in, out; unsigned head, tail; struct pkt *q; };

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int open_tun(const char *pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
  int ns = open(path, O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET) < 0) { perror(path); exit(1); }
  close(ns);
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  struct ifreq ifr;
  memset(&ifr, 0, sizeof ifr);
  ifr.ifr_flags = IFF_TUN | IFF_NO_PI;
  strcpy(ifr.ifr_name, "zfdelay");
  if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) < 0) { perror("tun"); exit(1); }
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int64_t delay = (int64_t)atoll(argv[3]) * 1000;
  int a = open_tun(argv[1]), b = open_tun(argv[2]);
  struct dir d[2] = { { a, b, 0, 0, NULL }, { b, a, 0, 0, NULL } };
  for (int i = 0; i < 2; i++)
    if (!(d[i].q = malloc(sizeof(struct pkt) * SLOTS))) return 1;
  puts("ready");
  fflush(stdout);
  unsigned long dropped = 0;
  for (;;) {
    int64_t t = now_ns(), next = -1;
    for (int i = 0; i < 2; i++) {
      while (d[i].tail != d[i].head && d[i].q[d[i].tail % SLOTS].due <= t) {
        struct pkt *p = &d[i].q[d[i].tail % SLOTS];
        if (write(d[i].out, p->data, p->len) < 0 && errno == EAGAIN) break;
        d[i].tail++;
      }
      if (d[i].tail != d[i].head) {
        int64_t due = d[i].q[d[i].tail % SLOTS].due;
        if (next < 0 || due < next) next = due;
      }
    }
    struct timespec ts = { 1, 0 };
    if (next >= 0) {
      int64_t w = next - now_ns();
      if (w < 0) w = 0;
      ts.tv_sec = w / 1000000000;
      ts.tv_nsec = w % 1000000000;
    }
    struct pollfd pf[2] = { { a, POLLIN, 0 }, { b, POLLIN, 0 } };
    if (ppoll(pf, 2, &ts, NULL) < 0 && errno != EINTR) { perror("ppoll"); return 1; }
    for (int i = 0; i < 2; i++) {
      if (!(pf[i].revents & POLLIN)) continue;
      for (;;) {
        if (d[i].head - d[i].tail == SLOTS) { if (!dropped++) fprintf(stderr, "queue full\n"); break; }
        struct pkt *p = &d[i].q[d[i].head % SLOTS];
        int n = read(d[i].in, p->data, MTU);
        if (n <= 0) break;
        p->len = n;
        p->due = now_ns() + delay;
        d[i].head++;
      }
    }
  }
}
