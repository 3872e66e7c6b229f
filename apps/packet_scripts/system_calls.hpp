// The system calls of a script, made on the stack, and what they gave compared with what the script
// says.
#pragma once

#include <functional>
#include <map>

#include "apps/packet_scripts/linux_epoll.hpp"
#include "apps/packet_scripts/linux_stream.hpp"
#include "apps/packet_scripts/script.hpp"

namespace pentad::packet_scripts {

/// A call, ready to be made; it may have to be made again until it does not wait.
struct prepared_call {
  std::function<call_result()> make;
  instant wakes = never;  ///< when its time is over
};

class system_calls {
 public:
  system_calls(host_under_test& host, conversations& talks) : host_(host), talks_(talks) {}

  /// Refers to `written`. Throws `malformed` and `unsupported`; calls throw `mismatch` when what
  /// they give besides their result is not what the script says.
  prepared_call prepare(const system_call& written);

  /// Sees which sockets have become ready.
  void look();

  /// The stream that was made last and is open; null if there is none.
  const linux_stream* last_stream() const noexcept;

 private:
  using arguments = std::vector<expression>;

  call_result open(const system_call& written);
  call_result bind(const arguments& with);
  call_result fcntl(const arguments& with);
  call_result ioctl(const arguments& with);
  call_result set_option(const arguments& with);
  call_result get_option(const arguments& with);
  call_result create_epoll(const system_call& written);
  call_result control_epoll(const arguments& with);
  prepared_call close(const arguments& with);
  prepared_call accept(const system_call& written);
  prepared_call connect(const arguments& with);
  prepared_call receive(const arguments& with, std::size_t room, int flags);
  prepared_call receive_message(const arguments& with);
  prepared_call send(const arguments& with, std::size_t count, int flags,
                     std::optional<endpoint> to);
  prepared_call send_to(const arguments& with);
  prepared_call poll(const arguments& with);
  prepared_call wait_epoll(const arguments& with);
  prepared_call until(std::int64_t milliseconds, std::function<call_result()> ready);

  linux_socket& socket_of(const expression& descriptor);
  linux_epoll& epoll_of(const expression& descriptor);
  call_result let_go(std::int64_t descriptor);
  void keep(const system_call& written, std::unique_ptr<linux_socket> made);
  endpoint address_of(const expression& written, bool is_remote);

  host_under_test& host_;
  conversations& talks_;
  std::map<std::int64_t, std::unique_ptr<linux_socket>> sockets_;
  std::map<std::int64_t, linux_epoll> epolls_;
  const linux_stream* last_stream_ = nullptr;
};

}  // namespace pentad::packet_scripts
