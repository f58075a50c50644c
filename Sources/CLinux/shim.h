#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

// Inline wrappers: what Swift cannot import (unions, packed structs, variadics, GNU extensions). Each returns what
// the call returns, or the negated errno, so that no caller can read errno too late.

/// One readiness report: the token given at registration and the epoll event bits.
struct clinux_event {
  uint64_t token;
  uint32_t events;
};

enum {
  CLINUX_READABLE = EPOLLIN,
  CLINUX_WRITABLE = EPOLLOUT,
  CLINUX_HALF_CLOSED = EPOLLRDHUP,
  CLINUX_ONLY_CHANGES = EPOLLET,
  CLINUX_BROKEN = EPOLLERR | EPOLLHUP,
  /// At most this many reports are taken from the kernel in one wait.
  CLINUX_BATCH = 256,
  CLINUX_ENTRY_CHANGES = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB,
  CLINUX_DIRECTORY_GONE = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT,
};

static inline long clinux_result(long result) { return result < 0 ? -(long)errno : result; }

static inline int clinux_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return (int)clinux_result(epoll_ctl(epoll, operation, descriptor, &event));
}

static inline int clinux_epoll_wait(int epoll, struct clinux_event *reports, int milliseconds) {
  struct epoll_event events[CLINUX_BATCH];
  int count = (int)clinux_result(epoll_wait(epoll, events, CLINUX_BATCH, milliseconds));
  for (int i = 0; i < count; i++) {
    reports[i].token = events[i].data.u64;
    reports[i].events = events[i].events;
  }
  return count;
}

static inline int clinux_make_epoll(void) { return (int)clinux_result(epoll_create1(EPOLL_CLOEXEC)); }

static inline int clinux_make_eventfd(void) { return (int)clinux_result(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

static inline int clinux_make_inotify(void) { return (int)clinux_result(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)); }

static inline int clinux_accept(int listener) {
  // accept4(2) by number: glibc shows its name to _GNU_SOURCE only, which would disagree with Swift's own Glibc module.
  return (int)clinux_result(syscall(SYS_accept4, listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

static inline int clinux_socket(int family) {
  return (int)clinux_result(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

static inline int clinux_socket_pair(int pair[2]) {
  return (int)clinux_result(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair));
}

static inline int clinux_set_option(int socket, int level, int name, int value) {
  return (int)clinux_result(setsockopt(socket, level, name, &value, sizeof value));
}

/// Makes a listening socket ignore every new SYN while handshakes under way still finish: a classic BPF program over
/// the TCP header, whose byte 13 holds the flags (SYN is 0x02).
static inline int clinux_ignore_new_connections(int socket) {
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x02, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
  };
  struct sock_fprog filter = {.len = 4, .filter = program};
  return (int)clinux_result(setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
}

static inline int clinux_name_this_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

/// Blocks the given signals in the calling thread and returns a descriptor from which they are read.
static inline int clinux_signal_descriptor(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
  int failure = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (failure != 0) return -failure;
  return (int)clinux_result(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

static inline void clinux_ignore_signal(int number) {
  struct sigaction action = {.sa_handler = SIG_IGN};
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

/// Limits how the C library keeps memory that was given back: how many arenas there are, from which size on a block is mapped by
/// itself, and how much may lie unused at the end of an arena.
static inline void clinux_bound_heap(int arenas, int mapped_block, int unused_end) {
  mallopt(M_ARENA_MAX, arenas);
  mallopt(M_MMAP_THRESHOLD, mapped_block);
  mallopt(M_TRIM_THRESHOLD, unused_end);
}

/// Gives heap that is not used back to the system.
static inline void clinux_trim_heap(void) { malloc_trim(0); }
