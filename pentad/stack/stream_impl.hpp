// What a stack provides for each stream, listener and not yet connected socket. A socket owns its
// impl through `release`: the impl ends its operations, waits until nobody uses their buffers, and
// deletes itself.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "pentad/base/result.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/stack/stream_info.hpp"
#include "pentad/stack/stream_options.hpp"
#include "pentad/stack/tracing_impl.hpp"

namespace pentad {

class receive_operation;
class lend_operation;
class send_operation;
class send_parts_operation;
class send_file_operation;
class accept_request;
class connect_request;

/// The way of the bytes that `shutdown` ends.
enum class direction : unsigned char { receive, send, both };

/// `start` returns true if the operation ended at once, its result in place; otherwise it ends with
/// `operation::end` or `resume`. `stop` asks for its end.
class stream_impl : public tracing_impl {
 public:
  using tracing_impl::start;
  using tracing_impl::stop;
  virtual bool start(receive_operation&) = 0;
  virtual bool start(lend_operation&) = 0;
  virtual bool start(send_operation&) = 0;
  virtual bool start(send_parts_operation&) = 0;
  virtual bool start(send_file_operation&) = 0;
  virtual void stop(receive_operation&) noexcept = 0;
  virtual void stop(lend_operation&) noexcept = 0;
  virtual void stop(send_operation&) noexcept = 0;
  virtual void stop(send_parts_operation&) noexcept = 0;
  virtual void stop(send_file_operation&) noexcept = 0;

  virtual result<void> shutdown(direction way) = 0;
  virtual result<void> set(const stream_options& options) = 0;
  virtual result<socket_address> local() const = 0;
  virtual result<socket_address> remote() const = 0;
  virtual stream_info info() const = 0;

  /// The socket is gone. `abort`: the peer gets a reset instead of an orderly end.
  virtual void release(bool abort) noexcept = 0;

  std::uint64_t sent = 0;  ///< bytes that the stack has taken so far

 protected:
  ~stream_impl() = default;
};

class listener_impl {
 public:
  virtual bool start(accept_request&) = 0;
  virtual void stop(accept_request&) noexcept = 0;
  virtual result<socket_address> local() const = 0;
  virtual void release() noexcept = 0;

 protected:
  ~listener_impl() = default;
};

struct impl_releaser {
  void operator()(stream_impl* impl) const noexcept { impl->release(false); }
  template <class Impl>
  void operator()(Impl* impl) const noexcept {
    impl->release();
  }
};

template <class Impl>
using owned_impl = std::unique_ptr<Impl, impl_releaser>;

/// A stream socket before it connects or listens. After a `listen` or `connect` that succeeded it
/// only remains to be released.
class unconnected_impl {
 public:
  virtual result<void> bind(const socket_address& local) = 0;
  virtual result<owned_impl<listener_impl>> listen(int backlog) = 0;
  virtual bool start(connect_request&) = 0;
  virtual void stop(connect_request&) noexcept = 0;
  virtual result<socket_address> local() const = 0;
  virtual void release() noexcept = 0;

 protected:
  ~unconnected_impl() = default;
};

}  // namespace pentad
