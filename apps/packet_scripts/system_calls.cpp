#include "apps/packet_scripts/system_calls.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "apps/packet_scripts/expression_value.hpp"
#include "apps/packet_scripts/linux_datagram.hpp"
#include "apps/packet_scripts/mismatch.hpp"

namespace pentad::packet_scripts {
namespace {

constexpr std::int64_t most_bytes = std::int64_t{1} << 28;

const expression& at(const std::vector<expression>& arguments, std::size_t index) {
  static const expression left_out;
  return index < arguments.size() ? arguments[index] : left_out;
}

std::size_t size_of(const expression& written) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(number_of(written), 0, most_bytes));
}

prepared_call once(call_result result) {
  return {.make = [result] { return result; }};
}

// Flags that change nothing here; the others are not had.
void check_flags(int flags, int more_known = 0) {
  const int known = MSG_DONTWAIT | MSG_NOSIGNAL | more_known;
  if ((flags & ~known) != 0) throw unsupported("flags " + std::to_string(flags) + " of a message");
}

}  // namespace

prepared_call system_calls::prepare(const system_call& written) {
  const arguments& with = written.arguments;
  const std::string_view name = written.name;
  if (name == "socket") return once(open(written));
  if (name == "close") return close(with);
  if (name == "bind") return once(bind(with));
  if (name == "listen") {
    return once(socket_of(at(with, 0)).listen(static_cast<unsigned>(size_of(at(with, 1)))));
  }
  if (name == "accept" || name == "accept4") return accept(written);
  if (name == "connect") return connect(with);
  if (name == "read") return receive(with, size_of(at(with, 2)), 0);
  if (name == "readv") return receive(with, room_of(at(with, 1)), 0);
  if (name == "recv" || name == "recvfrom") {
    return receive(with, size_of(at(with, 2)), static_cast<int>(number_of(at(with, 3))));
  }
  if (name == "recvmsg") return receive_message(with);
  if (name == "write") return send(with, size_of(at(with, 2)), 0, std::nullopt);
  if (name == "writev") return send(with, room_of(at(with, 1)), 0, std::nullopt);
  if (name == "send") {
    return send(with, size_of(at(with, 2)), static_cast<int>(number_of(at(with, 3))), std::nullopt);
  }
  if (name == "sendto") return send_to(with);
  if (name == "sendmsg") {
    const expression* const vectors = at(with, 1).field("msg_iov");
    if (vectors == nullptr) throw malformed(at(with, 1).at, "expected msg_iov");
    std::optional<endpoint> to;
    if (const expression* const peer = at(with, 1).field("msg_name")) to = address_of(*peer, true);
    return send(with, room_of(*vectors), static_cast<int>(number_of(at(with, 2))), to);
  }
  if (name == "shutdown") {
    return once(socket_of(at(with, 0)).shutdown(static_cast<int>(number_of(at(with, 1)))));
  }
  if (name == "setsockopt") return once(set_option(with));
  if (name == "getsockopt") return once(get_option(with));
  if (name == "fcntl") return once(fcntl(with));
  if (name == "ioctl") return once(ioctl(with));
  if (name == "poll") return poll(with);
  if (name == "epoll_create" || name == "epoll_create1") return once(create_epoll(written));
  if (name == "epoll_ctl") return once(control_epoll(with));
  if (name == "epoll_wait") return wait_epoll(with);
  throw unsupported("the call " + written.name + "()");
}

// Descriptors.

linux_socket& system_calls::socket_of(const expression& descriptor) {
  const auto found = sockets_.find(number_of(descriptor));
  if (found == sockets_.end()) throw malformed(descriptor.at, "no socket has this descriptor");
  return *found->second;
}

linux_epoll& system_calls::epoll_of(const expression& descriptor) {
  const auto found = epolls_.find(number_of(descriptor));
  if (found == epolls_.end()) throw malformed(descriptor.at, "no epoll has this descriptor");
  return found->second;
}

// A new descriptor has the number that the script gives it.
void system_calls::keep(const system_call& written, std::unique_ptr<linux_socket> made) {
  const std::int64_t descriptor = number_of(written.returns);
  if (descriptor < 0) throw mismatch(written.name + "() to fail", "a new descriptor");
  if (const auto* stream = dynamic_cast<const linux_stream*>(made.get())) last_stream_ = stream;
  for (auto& [number, each] : epolls_) each.forget(static_cast<int>(descriptor));
  sockets_[descriptor] = std::move(made);
}

const linux_stream* system_calls::last_stream() const noexcept { return last_stream_; }

void system_calls::look() {
  for (auto& [descriptor, each] : epolls_) each.look();
}

call_result system_calls::open(const system_call& written) {
  const arguments& with = written.arguments;
  ip_version version = host_.settings().local.version();
  const bool names_family = !at(with, 0).is(expression::kind::any);
  if (names_family && number_of(at(with, 0)) == AF_INET) version = ip_version::v4;
  const std::int64_t type = number_of(at(with, 1));
  const std::int64_t protocol = at(with, 2).is(expression::kind::any) ? 0 : number_of(at(with, 2));
  std::unique_ptr<linux_socket> made;
  switch (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) {
    case SOCK_STREAM:
      if (protocol != 0 && protocol != IPPROTO_TCP) throw unsupported("sockets of MPTCP");
      made = std::make_unique<linux_stream>(host_, talks_, version);
      break;
    case SOCK_DGRAM:
      made = std::make_unique<linux_datagram>(host_, talks_, version);
      break;
    default:
      throw unsupported("sockets of type " + std::to_string(type));
  }
  made->nonblocking = (type & SOCK_NONBLOCK) != 0;
  keep(written, std::move(made));
  return returns(number_of(written.returns));
}

prepared_call system_calls::close(const arguments& with) {
  const std::int64_t descriptor = number_of(at(with, 0));
  if (epolls_.erase(descriptor) != 0) return once(returns(0));
  const auto found = sockets_.find(descriptor);
  if (found == sockets_.end()) return once(fails(EBADF));
  const duration patience = found->second->begin_closing();
  if (patience == duration::zero()) return once(let_go(descriptor));
  const instant end = later(host_.now(), patience);
  return {.make =
              [this, descriptor, end, &on = *found->second] {
                return on.is_closing() && host_.now() < end ? would_wait() : let_go(descriptor);
              },
          .wakes = end};
}

call_result system_calls::let_go(std::int64_t descriptor) {
  const auto found = sockets_.find(descriptor);
  for (auto& [number, each] : epolls_) each.forget(static_cast<int>(descriptor));
  if (found->second.get() == last_stream_) last_stream_ = nullptr;
  sockets_.erase(found);
  return returns(0);
}

call_result system_calls::fcntl(const arguments& with) {
  linux_socket& on = socket_of(at(with, 0));
  const std::int64_t what = number_of(at(with, 1));
  if (what == F_GETFL) return returns(O_RDWR | (on.nonblocking ? O_NONBLOCK : 0));
  if (what != F_SETFL) throw unsupported("fcntl() with " + std::to_string(what));
  on.nonblocking = (number_of(at(with, 2)) & O_NONBLOCK) != 0;
  return returns(0);
}

call_result system_calls::ioctl(const arguments& with) {
  std::int64_t size = 0;
  const auto request = static_cast<int>(number_of(at(with, 1)));
  const call_result result = socket_of(at(with, 0)).queue_size(request, size);
  if (result.error == 0 && number_of(at(with, 2)) != size) {
    throw mismatch("a queue of " + to_string(at(with, 2)), std::to_string(size));
  }
  return result;
}

call_result system_calls::set_option(const arguments& with) {
  return socket_of(at(with, 0))
      .set_option(static_cast<int>(number_of(at(with, 1))),
                  static_cast<int>(number_of(at(with, 2))), option_of(at(with, 3)));
}

call_result system_calls::get_option(const arguments& with) {
  option_value value;
  const call_result result = socket_of(at(with, 0))
                                 .get_option(static_cast<int>(number_of(at(with, 1))),
                                             static_cast<int>(number_of(at(with, 2))), value);
  if (result.error != 0 || at(with, 3).is(expression::kind::any)) return result;
  const option_value wanted = option_of(at(with, 3));
  if (wanted.numbers != value.numbers) {
    std::string came;
    for (const std::int64_t each : value.numbers) came += " " + std::to_string(each);
    throw mismatch("the option to be " + to_string(at(with, 3)), "[" + came + " ]");
  }
  return result;
}

// Connections.

endpoint system_calls::address_of(const expression& written, bool is_remote) {
  const host_settings& settings = host_.settings();
  return endpoint_of(written).value_or(
      endpoint(is_remote ? settings.remote : settings.local, conversations::default_port));
}

call_result system_calls::bind(const arguments& with) {
  return socket_of(at(with, 0)).bind(address_of(at(with, 1), false));
}

prepared_call system_calls::accept(const system_call& written) {
  linux_socket& listener = socket_of(at(written.arguments, 0));
  return {.make = [this, &listener, &written] {
    std::unique_ptr<linux_socket> made;
    const call_result result = listener.accept(made);
    if (made == nullptr) return result;
    const expression& flags = at(written.arguments, 3);
    if (written.name == "accept4") made->nonblocking = (number_of(flags) & SOCK_NONBLOCK) != 0;
    keep(written, std::move(made));
    return returns(number_of(written.returns));
  }};
}

prepared_call system_calls::connect(const arguments& with) {
  linux_socket& on = socket_of(at(with, 0));
  return {.make = [&on, to = address_of(at(with, 1), true)] { return on.connect(to); }};
}

// Data.

prepared_call system_calls::receive(const arguments& with, std::size_t room, int flags) {
  check_flags(flags);
  linux_socket& on = socket_of(at(with, 0));
  return {.make = [&on, room, flags] {
    const bool was = on.nonblocking;
    on.nonblocking = was || (flags & MSG_DONTWAIT) != 0;
    const call_result result = on.read(room);
    on.nonblocking = was;
    return result;
  }};
}

prepared_call system_calls::receive_message(const arguments& with) {
  const expression& message = at(with, 1);
  const expression* const vectors = message.field("msg_iov");
  if (vectors == nullptr) throw malformed(message.at, "expected msg_iov");
  prepared_call read = receive(with, room_of(*vectors), static_cast<int>(number_of(at(with, 2))));
  const expression* const control = message.field("msg_control");
  const bool wants_control = control != nullptr && !control->parts.empty();
  linux_socket& on = socket_of(at(with, 0));
  return {.make = [&on, read, wants_control, control] {
    const call_result result = read.make();
    if (!wants_control || result.waits || result.error != 0) return result;
    const expression* const data = control->parts.front().field("cmsg_data");
    const std::optional<std::int64_t> inq = on.inq();
    if (control->parts.size() != 1 || data == nullptr || !inq) {
      throw unsupported("control messages other than TCP_CM_INQ");
    }
    if (*inq != number_of(*data)) {
      throw mismatch("TCP_CM_INQ " + to_string(*data), std::to_string(*inq));
    }
    return result;
  }};
}

prepared_call system_calls::send(const arguments& with, std::size_t count, int flags,
                                 std::optional<endpoint> to) {
  check_flags(flags, MSG_FASTOPEN);
  linux_socket& on = socket_of(at(with, 0));
  const bool connects = (flags & MSG_FASTOPEN) != 0;
  if (connects && !to) return once(fails(EINVAL));
  return {.make = [&on, count, flags, to, connects, written = std::size_t{0}]() mutable {
    const bool was = on.nonblocking;
    on.nonblocking = was || (flags & MSG_DONTWAIT) != 0;
    const call_result result =
        connects ? on.connect_and_write(count, written, *to) : on.write(count, written, to);
    on.nonblocking = was;
    return result;
  }};
}

prepared_call system_calls::send_to(const arguments& with) {
  return send(with, size_of(at(with, 2)), static_cast<int>(number_of(at(with, 3))),
              address_of(at(with, 4), true));
}

// Readiness.

prepared_call system_calls::until(std::int64_t milliseconds, std::function<call_result()> ready) {
  const instant end =
      milliseconds < 0 ? never : later(host_.now(), std::chrono::milliseconds(milliseconds));
  return {.make =
              [this, end, ready = std::move(ready)] {
                const call_result found = ready();
                return found.value == 0 && host_.now() < end ? would_wait() : found;
              },
          .wakes = end};
}

prepared_call system_calls::poll(const arguments& with) {
  return until(number_of(at(with, 2)), [this, &with] {
    std::int64_t count = 0;
    std::vector<std::pair<const expression*, std::uint32_t>> seen;
    for (const expression& each : at(with, 0).parts) {
      const expression* const descriptor = each.field("fd");
      const expression* const wanted = each.field("events");
      if (descriptor == nullptr || wanted == nullptr) throw malformed(each.at, "no pollfd");
      const auto asked = static_cast<std::uint32_t>(number_of(*wanted)) | EPOLLERR | EPOLLHUP;
      const std::uint32_t events = socket_of(*descriptor).ready().events & asked;
      if (events != 0) ++count;
      seen.emplace_back(each.field("revents"), events);
    }
    for (const auto& [expected, events] : seen) {
      if (count == 0 || expected == nullptr || number_of(*expected) == events) continue;
      throw mismatch("revents " + to_string(*expected), std::to_string(events));
    }
    return returns(count);
  });
}

call_result system_calls::create_epoll(const system_call& written) {
  const std::int64_t descriptor = number_of(written.returns);
  epolls_[descriptor];
  return returns(descriptor);
}

namespace {

std::uint64_t data_of(const expression& event) {
  for (const std::string_view name : {"fd", "ptr", "u32", "u64"}) {
    if (const expression* data = event.field(name))
      return static_cast<std::uint64_t>(number_of(*data));
  }
  return 0;
}

std::uint32_t events_of(const expression& event) {
  const expression* const events = event.field("events");
  if (events == nullptr) throw malformed(event.at, "expected events");
  return static_cast<std::uint32_t>(number_of(*events));
}

}  // namespace

call_result system_calls::control_epoll(const arguments& with) {
  const auto operation = static_cast<int>(number_of(at(with, 1)));
  linux_epoll::told wanted;
  if (at(with, 3).is(expression::kind::structure)) {
    wanted = {events_of(at(with, 3)), data_of(at(with, 3))};
  }
  return epoll_of(at(with, 0))
      .control(operation, static_cast<int>(number_of(at(with, 2))), socket_of(at(with, 2)), wanted);
}

prepared_call system_calls::wait_epoll(const arguments& with) {
  linux_epoll& on = epoll_of(at(with, 0));
  return until(number_of(at(with, 3)), [&on, &with] {
    const std::vector<linux_epoll::told> found = on.ready(size_of(at(with, 2)));
    const expression& expected = at(with, 1);
    std::vector<expression> wanted = expected.parts;
    if (expected.is(expression::kind::structure)) wanted = {expected};
    for (std::size_t i = 0; i < std::min(found.size(), wanted.size()); ++i) {
      if (events_of(wanted[i]) == found[i].events && data_of(wanted[i]) == found[i].data) continue;
      throw mismatch(to_string(wanted[i]), "events " + std::to_string(found[i].events) + " of " +
                                               std::to_string(found[i].data));
    }
    return returns(static_cast<std::int64_t>(found.size()));
  });
}

}  // namespace pentad::packet_scripts
