// setsockopt(2) and getsockopt(2) of streams.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "apps/packet_scripts/linux_stream.hpp"

namespace pentad::packet_scripts {
namespace {

std::int64_t number_of(const option_value& value) {
  return value.numbers.empty() ? 0 : value.numbers.front();
}

[[noreturn]] void refuse(std::string_view level, int name) {
  throw unsupported("option " + std::to_string(name) + " of " + std::string(level));
}

}  // namespace

// What Linux doubles for its own use does not count here.
void linux_stream::apply() {
  if (connection_ == nullptr) return;
  connection_->set_no_delay(settings_.no_delay);
  if (settings_.send_buffer != 0) {
    connection_->set_send_buffer(static_cast<std::size_t>(settings_.send_buffer));
  }
  if (settings_.receive_buffer != 0) {
    connection_->set_receive_buffer(static_cast<std::size_t>(settings_.receive_buffer / 2));
  }
  if (settings_.user_timeout != 0) {
    connection_->set_user_timeout(std::chrono::milliseconds(settings_.user_timeout));
  }
  if (settings_.keep_alive) {
    connection_->set_keep_alive({std::chrono::seconds(settings_.keep_idle),
                                 std::chrono::seconds(settings_.keep_interval),
                                 static_cast<unsigned>(settings_.keep_count)});
  }
  host_.step(host_.now());
}

call_result linux_stream::set_option(int level, int name, const option_value& value) {
  const bool keeps_alive = settings_.keep_alive;
  call_result set;
  if (level == SOL_SOCKET) {
    set = set_socket_option(name, value);
  } else if (level == IPPROTO_TCP) {
    set = set_tcp_option(name, value);
  } else if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY) {
    settings_.v6_only = number_of(value) != 0;
  } else if (level == IPPROTO_IP || level == IPPROTO_IPV6) {
    refuse("IP", name);
  } else {
    return fails(ENOPROTOOPT);
  }
  if (keeps_alive && !settings_.keep_alive && connection_ != nullptr) {
    connection_->set_keep_alive({});
  }
  apply();
  return set;
}

call_result linux_stream::set_socket_option(int name, const option_value& value) {
  const std::int64_t number = number_of(value);
  constexpr std::int64_t least_buffer = 2304;  // SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF, about
  switch (name) {
    case SO_REUSEADDR:
      break;  // what has ended is never in the way
    case SO_REUSEPORT:
      settings_.reuse_port = number != 0;
      break;
    case SO_SNDBUF:
      settings_.send_buffer = std::max(2 * number, 2 * least_buffer);
      break;
    case SO_RCVBUF:
      settings_.receive_buffer = std::max(2 * number, least_buffer);
      break;
    case SO_KEEPALIVE:
      settings_.keep_alive = number != 0;
      break;
    case SO_LINGER:
      if (value.numbers.size() != 2) return fails(EINVAL);
      settings_.linger.reset();
      if (value.numbers[0] != 0) settings_.linger = static_cast<int>(value.numbers[1]);
      break;
    default:
      refuse("SOL_SOCKET", name);
  }
  return returns(0);
}

call_result linux_stream::set_tcp_option(int name, const option_value& value) {
  const std::int64_t number = number_of(value);
  switch (name) {
    case TCP_NODELAY:
      settings_.no_delay = number != 0;
      break;
    case TCP_KEEPIDLE:
      settings_.keep_idle = number;
      break;
    case TCP_KEEPINTVL:
      settings_.keep_interval = number;
      break;
    case TCP_KEEPCNT:
      settings_.keep_count = number;
      break;
    case TCP_USER_TIMEOUT:
      if (number < 0) return fails(EINVAL);
      settings_.user_timeout = number;
      break;
    case TCP_INQ:
      if (number != 0 && number != 1) return fails(EINVAL);
      settings_.tells_inq = number != 0;
      break;
    case TCP_FASTOPEN:
      return set_fast_open(number);
    case TCP_FASTOPEN_CONNECT:
      if (!host_.settings().fast_open.client) return fails(EOPNOTSUPP);
      settings_.opens_fast = number != 0;
      break;
    case TCP_CONGESTION: {
      using native::congestion_algorithm;
      const auto used = host_.settings().tcp.congestion;
      const std::string_view had = used == congestion_algorithm::cubic ? "cubic" : "reno";
      if (value.text != had) throw unsupported("TCP_CONGESTION '" + value.text + "' of one socket");
      break;
    }
    default:
      refuse("SOL_TCP", name);
  }
  return returns(0);
}

// How many connections at a time may be served before the end of their handshakes.
call_result linux_stream::set_fast_open(std::int64_t most) {
  if (!host_.settings().fast_open.server) return fails(EOPNOTSUPP);
  fast_opens_ = static_cast<unsigned>(std::clamp<std::int64_t>(most, 0, UINT16_MAX));
  if (listener_ != nullptr) listener_->set_fast_open(*fast_opens_);
  return returns(0);
}

call_result linux_stream::get_option(int level, int name, option_value& value) {
  if (level == SOL_SOCKET && get_socket_option(name, value)) return returns(0);
  if (level == IPPROTO_TCP && get_tcp_option(name, value)) return returns(0);
  refuse("getsockopt()", name);
}

bool linux_stream::get_socket_option(int name, option_value& value) {
  const native::tcp_settings& defaults = host_.settings().tcp;
  switch (name) {
    case SO_ERROR:
      value.numbers = {take_error()};
      return true;
    case SO_SNDBUF:
      value.numbers = {settings_.send_buffer != 0
                           ? settings_.send_buffer
                           : static_cast<std::int64_t>(defaults.send_buffer)};
      return true;
    case SO_RCVBUF:
      value.numbers = {settings_.receive_buffer != 0
                           ? settings_.receive_buffer
                           : static_cast<std::int64_t>(defaults.receive_buffer)};
      return true;
    case SO_KEEPALIVE:
      value.numbers = {settings_.keep_alive};
      return true;
    case SO_LINGER:
      value.numbers = {settings_.linger.has_value(), settings_.linger.value_or(0)};
      return true;
    case SO_ACCEPTCONN:
      value.numbers = {listener_ != nullptr};
      return true;
    default:
      return false;
  }
}

bool linux_stream::get_tcp_option(int name, option_value& value) {
  switch (name) {
    case TCP_NODELAY:
      value.numbers = {settings_.no_delay};
      return true;
    case TCP_KEEPIDLE:
      value.numbers = {settings_.keep_idle};
      return true;
    case TCP_KEEPINTVL:
      value.numbers = {settings_.keep_interval};
      return true;
    case TCP_KEEPCNT:
      value.numbers = {settings_.keep_count};
      return true;
    case TCP_USER_TIMEOUT:
      value.numbers = {settings_.user_timeout};
      return true;
    case TCP_INQ:
      value.numbers = {settings_.tells_inq};
      return true;
    case TCP_MAXSEG:
      if (connection_ == nullptr) return false;
      value.numbers = {connection_->segment_size()};
      return true;
    default:
      return false;
  }
}

}  // namespace pentad::packet_scripts
