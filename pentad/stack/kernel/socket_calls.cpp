#include "pentad/stack/kernel/socket_calls.hpp"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <limits>
#include <utility>

#include "pentad/stack/kernel/set_option.hpp"
#include "pentad/stack/kernel/tcp_values.hpp"

namespace pentad::kernel {
namespace {

result<void> succeeded(int returned) {
  if (returned == 0) return {};
  return failure_from_errno(errno);
}

constexpr int tcp_closed = 7;  // TCP_CLOSE, which is in no header of <linux/>

int seconds(std::chrono::seconds value) noexcept {
  return static_cast<int>(
      std::min<std::chrono::seconds::rep>(value.count(), std::numeric_limits<int>::max()));
}

result<void> set_keep_alive(int descriptor, const keep_alive_options& options) {
  result<void> set = set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, seconds(options.idle));
  if (set) set = set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, seconds(options.interval));
  if (set) set = set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, options.count);
  if (set) set = set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  return set;
}

// Options that only mean something to TCP over IP. Linux takes some of them on a Unix socket and
// ignores them, which would be a lie.
bool only_for_ip(const stream_options& options) noexcept {
  return options.no_delay || options.keep_alive || options.user_timeout || options.reuse_address ||
         options.reuse_port || options.ipv6_only || options.fast_open || !options.device.empty();
}

int type_of(int descriptor) noexcept {
  int type = 0;
  socklen_t size = sizeof type;
  ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size);
  return type;
}

// A Unix socket file that nobody listens on any more is left over from a program that died. Other
// files refuse connections in the same way, and are not ours to remove.
bool is_stale(const char* path, const native_address& address, int type) noexcept {
  struct stat file;
  if (::lstat(path, &file) != 0 || !S_ISSOCK(file.st_mode)) return false;
  const descriptor_handle probe(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return probe && ::connect(probe.get(), address.get(), address.size()) != 0 &&
         errno == ECONNREFUSED;
}

}  // namespace

native_address::native_address(const socket_address& address) noexcept : size_(0) {
  if (address.is_unix()) {
    auto& unix = reinterpret_cast<sockaddr_un&>(storage_);
    const std::string_view path = address.unix_path().path();
    unix.sun_family = AF_UNIX;
    std::memcpy(unix.sun_path, path.data(), path.size());
    size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    if (address.unix_path().is_abstract()) {
      unix.sun_path[0] = '\0';
    } else if (!path.empty()) {
      ++size_;
    }
    return;
  }
  const endpoint& ip = address.ip();
  const std::span<const std::byte> bytes = ip.address.bytes();
  if (ip.address.is_v4()) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage_);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(ip.port);
    std::memcpy(&v4.sin_addr, bytes.data(), bytes.size());
    size_ = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage_);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(ip.port);
    v6.sin6_scope_id = ip.address.scope();
    std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
    size_ = sizeof v6;
  }
}

result<socket_address> native_address::value() const {
  switch (storage_.ss_family) {
    case AF_INET: {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage_);
      std::array<std::byte, 4> bytes;
      std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
      return endpoint(ip_address::v4(bytes), ntohs(v4.sin_port));
    }
    case AF_INET6: {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage_);
      std::array<std::byte, 16> bytes;
      std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
      return endpoint(ip_address::v6(bytes, v6.sin6_scope_id).unmapped(), ntohs(v6.sin6_port));
    }
    case AF_UNIX: {
      const auto& unix = reinterpret_cast<const sockaddr_un&>(storage_);
      constexpr std::size_t before_path = offsetof(sockaddr_un, sun_path);
      if (size_ <= before_path) return unix_endpoint();
      std::array<char, sizeof unix.sun_path> text;
      std::size_t length = std::min<std::size_t>(size_ - before_path, text.size());
      std::memcpy(text.data(), unix.sun_path, length);
      if (text[0] == '\0') {
        text[0] = '@';
      } else {
        length = ::strnlen(text.data(), length);
      }
      const result<unix_endpoint> name = unix_endpoint::parse({text.data(), length});
      if (!name) return failure(name.error());
      return *name;
    }
    default:
      return failure(std::errc::address_family_not_supported);
  }
}

result<descriptor_handle> open_stream(address_family family, const stream_options& options,
                                      int flags) {
  const int domain = family == address_family::local ? AF_UNIX
                     : family == address_family::v4  ? AF_INET
                                                     : AF_INET6;
  descriptor_handle opened(::socket(domain, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
  if (!opened) return failure_from_errno(errno);
  stream_options wanted = options;
  if (family != address_family::local && !wanted.no_delay) wanted.no_delay = true;
  // Said explicitly, for the system's own default can be changed (net.ipv6.bindv6only).
  if (family == address_family::v6 && !wanted.ipv6_only) wanted.ipv6_only = false;
  if (const result<void> set = set_options(opened.get(), family, wanted); !set) {
    return failure(set.error());
  }
  return opened;
}

result<void> set_options(int descriptor, address_family family, const stream_options& options) {
  if (family == address_family::local && only_for_ip(options)) {
    return failure(std::errc::operation_not_supported);
  }
  if (family != address_family::v6 && options.ipv6_only) {
    return failure(std::errc::operation_not_supported);
  }
  if (options.path_tracing || options.zero_copy) {
    return failure(std::errc::operation_not_supported);
  }
  result<void> set;
  const auto apply = [&](const auto& option, int level, int name) {
    if (set && option) set = set_option(descriptor, level, name, static_cast<int>(*option));
  };
  apply(options.no_delay, IPPROTO_TCP, TCP_NODELAY);
  apply(options.send_buffer, SOL_SOCKET, SO_SNDBUF);
  apply(options.receive_buffer, SOL_SOCKET, SO_RCVBUF);
  apply(options.reuse_address, SOL_SOCKET, SO_REUSEADDR);
  apply(options.reuse_port, SOL_SOCKET, SO_REUSEPORT);
  apply(options.ipv6_only, IPPROTO_IPV6, IPV6_V6ONLY);
  // Which of the two it becomes, a listener or a connection, shows later.
  if (set && options.fast_open) {
    set = set_option(descriptor, IPPROTO_TCP, TCP_FASTOPEN, *options.fast_open ? 256 : 0);
  }
  if (set && options.fast_open) {
    set = set_option(descriptor, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, int{*options.fast_open});
  }
  if (set && options.keep_alive) set = set_keep_alive(descriptor, *options.keep_alive);
  if (set && options.user_timeout) {
    const auto count = options.user_timeout->count();
    if (!std::in_range<int>(count)) return failure(std::errc::invalid_argument);
    set = set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(count));
  }
  if (set && !options.device.empty()) set = bind_to_device(descriptor, options.device);
  return set;
}

stream_options for_any_socket(stream_options options) noexcept {
  options.path_tracing.reset();
  options.zero_copy.reset();
  return options;
}

address_family family_of(int descriptor) noexcept {
  int domain = 0;
  socklen_t size = sizeof domain;
  ::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size);
  return domain == AF_UNIX   ? address_family::local
         : domain == AF_INET ? address_family::v4
                             : address_family::v6;
}

result<void> bind(int descriptor, const socket_address& local) {
  const native_address address(local);
  result<void> bound = succeeded(::bind(descriptor, address.get(), address.size()));
  const bool on_disk = local.is_unix() && !local.unix_path().is_abstract();
  if (!bound && on_disk && bound.error() == std::errc::address_in_use) {
    const std::string path(local.unix_path().path());
    if (!is_stale(path.c_str(), address, type_of(descriptor))) return bound;
    ::unlink(path.c_str());
    bound = succeeded(::bind(descriptor, address.get(), address.size()));
  }
  return bound;
}

result<void> shutdown(int descriptor, direction way) {
  const int how = way == direction::receive ? SHUT_RD
                  : way == direction::send  ? SHUT_WR
                                            : SHUT_RDWR;
  return succeeded(::shutdown(descriptor, how));
}

result<socket_address> local_address(int descriptor) {
  native_address address;
  if (::getsockname(descriptor, address.get(), address.size_to_fill()) != 0) {
    return failure_from_errno(errno);
  }
  return address.value();
}

result<socket_address> remote_address(int descriptor) {
  native_address address;
  if (::getpeername(descriptor, address.get(), address.size_to_fill()) != 0) {
    return failure_from_errno(errno);
  }
  return address.value();
}

stream_info read_info(int descriptor) {
  stream_info info;
  int queued = 0;
  if (::ioctl(descriptor, SIOCINQ, &queued) == 0) {
    info.receive_queue = static_cast<std::uint64_t>(queued);
  }
  if (::ioctl(descriptor, SIOCOUTQ, &queued) == 0) {
    info.send_queue = static_cast<std::uint64_t>(queued);
  }
  tcp_info tcp{};
  socklen_t size = sizeof tcp;
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &tcp, &size) != 0) return info;
  add_tcp_info(info, tcp, size);
  return info;
}

ssize_t send_file(int descriptor, const send_file_operation& operation) noexcept {
  // sendfile(2) takes no more than this at once.
  constexpr std::uint64_t most = 0x7ffff000;
  auto offset = static_cast<off_t>(operation.offset);
  return ::sendfile(descriptor, operation.descriptor, &offset,
                    static_cast<std::size_t>(std::min(operation.rest, most)));
}

void disconnect(int descriptor) noexcept {
  const sockaddr nobody{AF_UNSPEC, {}};
  ::connect(descriptor, &nobody, sizeof nobody);
}

void reset_on_close(int descriptor) noexcept {
  const linger now{1, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool is_closed(int descriptor) noexcept {
  tcp_info tcp{};
  socklen_t size = sizeof tcp;
  return ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &tcp, &size) != 0 ||
         tcp.tcpi_state == tcp_closed;
}

bool was_cut_off(int descriptor, std::uint64_t received) noexcept {
  tcp_info tcp{};
  socklen_t size = sizeof tcp;
  return ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &tcp, &size) == 0 &&
         tcp.tcpi_state == tcp_closed &&
         tcp.tcpi_bytes_received <= received;  // a FIN counts as a byte
}

int pending_error(int descriptor) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace pentad::kernel
