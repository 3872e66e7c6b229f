// The operations of streams: requests that travel from a socket to its stack and come back with
// their outcome.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "pentad/base/result.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/runtime/operation.hpp"
#include "pentad/stack/received.hpp"
#include "pentad/stack/stream_impl.hpp"

namespace pentad {

class stack;

/// Bytes into the program's buffer.
class [[nodiscard]] receive_operation final : public awaitable<receive_operation> {
 public:
  receive_operation(stream_impl* on, std::span<std::byte> into, within limit) noexcept
      : awaitable(limit), impl(on), buffer(into) {}
  receive_operation(const receive_operation& other, within limit) noexcept
      : receive_operation(other.impl, other.buffer, limit) {}

  bool start();

  /// How many bytes came; 0 when the peer finished sending.
  result<std::size_t> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return count;
  }

  stream_impl* impl;
  std::span<std::byte> buffer;
  std::size_t count = 0;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// Bytes in a buffer of the stack.
class [[nodiscard]] lend_operation final : public awaitable<lend_operation> {
 public:
  lend_operation(stream_impl* on, within limit) noexcept : awaitable(limit), impl(on) {}
  lend_operation(const lend_operation& other, within limit) noexcept
      : lend_operation(other.impl, limit) {}

  bool start();

  /// The bytes; empty when the peer finished sending.
  result<received> await_resume() noexcept {
    if (error != 0) return operation_failure(error);
    return std::move(loan);
  }

  stream_impl* impl;
  received loan;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// All of a buffer to the stack.
class [[nodiscard]] send_operation final : public awaitable<send_operation> {
 public:
  send_operation(stream_impl* on, std::span<const std::byte> bytes, within limit) noexcept
      : awaitable(limit), impl(on), rest(bytes) {}
  send_operation(const send_operation& other, within limit) noexcept
      : send_operation(other.impl, other.rest, limit) {}

  bool start();

  result<void> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return {};
  }

  /// `count` bytes more were taken.
  void advance(std::size_t count) noexcept {
    rest = rest.subspan(count);
    impl->sent += count;
  }
  bool complete() const noexcept { return rest.empty(); }
  std::uint64_t size() const noexcept { return rest.size(); }  ///< still to be sent

  stream_impl* impl;
  std::span<const std::byte> rest;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// All of many buffers to the stack, in order.
class [[nodiscard]] send_parts_operation final : public awaitable<send_parts_operation> {
 public:
  using part = std::span<const std::byte>;

  send_parts_operation(stream_impl* on, std::span<const part> parts, within limit) noexcept
      : awaitable(limit), impl(on), rest(parts) {}
  send_parts_operation(const send_parts_operation& other, within limit) noexcept
      : send_parts_operation(other.impl, other.rest, limit) {}

  bool start();

  result<void> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return {};
  }

  /// The next parts to send, as many as fit into `gathered`, empty ones left out.
  std::size_t gather(std::span<part> gathered) const noexcept;
  void advance(std::size_t count) noexcept;
  bool complete() noexcept;
  std::uint64_t size() const noexcept;  ///< still to be sent

  stream_impl* impl;
  std::span<const part> rest;  ///< not yet wholly sent
  std::size_t offset = 0;      ///< bytes of its first part that are

  /// Room for what a stack must keep while the operation is in flight (Linux: a msghdr and its
  /// iovecs), so that it allocates nothing.
  static constexpr std::size_t gathered_at_once = 16;
  alignas(8) std::array<std::byte, 64 + gathered_at_once * 16> scratch;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// A part of a file to the stack, without a detour through the program's memory.
class [[nodiscard]] send_file_operation final : public awaitable<send_file_operation> {
 public:
  send_file_operation(stream_impl* on, int file, std::uint64_t from, std::uint64_t bytes,
                      within limit) noexcept
      : awaitable(limit), impl(on), descriptor(file), offset(from), rest(bytes) {}
  send_file_operation(const send_file_operation& other, within limit) noexcept
      : send_file_operation(other.impl, other.descriptor, other.offset, other.rest, limit) {}

  bool start() { return rest == 0 || impl->start(*this); }

  /// How many bytes were sent: fewer than asked for when the file ends before.
  result<std::uint64_t> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return count;
  }

  /// `taken` bytes more are with the stack.
  void advance(std::uint64_t taken) noexcept {
    offset += taken;
    rest -= taken;
    count += taken;
    impl->sent += taken;
  }
  std::uint64_t size() const noexcept { return rest; }  ///< still to be sent

  stream_impl* impl;
  int descriptor;
  std::uint64_t offset;
  std::uint64_t rest;
  std::uint64_t count = 0;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// The next connection of a listener, as a listener's impl sees it.
class accept_request : public operation {
 public:
  bool start();

  listener_impl* impl;
  owned_impl<stream_impl> accepted;

 protected:
  accept_request(listener_impl* on, within limit) noexcept : operation(limit), impl(on) {}
  ~accept_request() = default;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// A connection to `remote`, of a socket that is open already or of one that it opens first.
class connect_request : public operation {
 public:
  bool start();

  socket_address remote;
  owned_impl<stream_impl> connected;

 protected:
  connect_request(owned_impl<unconnected_impl> from, const socket_address& to,
                  within limit) noexcept
      : operation(limit), remote(to), socket_(std::move(from)) {}
  connect_request(stack& on, const socket_address& to, const stream_options& options,
                  within limit) noexcept
      : operation(limit), remote(to), stack_(&on), options_(options) {}
  connect_request(connect_request&& other, within limit) noexcept
      : operation(limit),
        remote(other.remote),
        stack_(other.stack_),
        options_(other.options_),
        socket_(std::move(other.socket_)) {}
  ~connect_request() = default;

 private:
  void stop() noexcept override { socket_->stop(*this); }

  stack* stack_ = nullptr;
  stream_options options_;
  owned_impl<unconnected_impl> socket_;
};

}  // namespace pentad
