// What a stack provides for each datagram and raw socket. As streams do, a socket owns its impl
// through `release`.
#pragma once

#include <cstdint>

#include "pentad/base/result.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/stack/datagram_options.hpp"
#include "pentad/stack/tracing_impl.hpp"

namespace pentad {

class receive_datagram_operation;
class receive_datagrams_operation;
class send_datagram_operation;
class send_datagrams_operation;
class receive_error_operation;

/// `start` returns true if the operation ended at once, its result in place; otherwise it ends with
/// `operation::end` or `resume`. `stop` asks for its end. One receive of either form, one send of
/// either form, one `receive_error` and one `sent_message` may be in flight; another ends with
/// EALREADY.
class datagram_impl : public tracing_impl {
 public:
  using tracing_impl::start;
  using tracing_impl::stop;
  virtual bool start(receive_datagram_operation&) = 0;
  virtual bool start(receive_datagrams_operation&) = 0;
  virtual bool start(send_datagram_operation&) = 0;
  virtual bool start(send_datagrams_operation&) = 0;
  virtual bool start(receive_error_operation&) = 0;
  virtual void stop(receive_datagram_operation&) noexcept = 0;
  virtual void stop(receive_datagrams_operation&) noexcept = 0;
  virtual void stop(send_datagram_operation&) noexcept = 0;
  virtual void stop(send_datagrams_operation&) noexcept = 0;
  virtual void stop(receive_error_operation&) noexcept = 0;

  virtual result<void> bind(const socket_address& local) = 0;
  virtual result<void> connect(const socket_address& remote) = 0;
  virtual result<void> disconnect() = 0;
  virtual result<void> join(const multicast_group& group) = 0;
  virtual result<void> leave(const multicast_group& group) = 0;
  virtual result<void> set(const datagram_options& options) = 0;
  virtual result<socket_address> local() const = 0;
  virtual result<socket_address> remote() const = 0;

  /// The largest packet that the path to the connected peer is known to take, in bytes with its IP
  /// header.
  virtual result<std::uint32_t> path_mtu() const = 0;

  virtual void release() noexcept = 0;

 protected:
  ~datagram_impl() = default;
};

}  // namespace pentad
