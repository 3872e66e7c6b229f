// The operations of datagram and raw sockets.
#pragma once

#include <cstddef>
#include <span>

#include "pentad/base/result.hpp"
#include "pentad/runtime/operation.hpp"
#include "pentad/stack/datagram.hpp"
#include "pentad/stack/datagram_impl.hpp"

namespace pentad {

/// One datagram into the program's buffer.
class [[nodiscard]] receive_datagram_operation final
    : public awaitable<receive_datagram_operation> {
 public:
  receive_datagram_operation(datagram_impl* on, std::span<std::byte> into, within limit) noexcept
      : awaitable(limit), impl(on), buffer(into) {}
  receive_datagram_operation(const receive_datagram_operation& other, within limit) noexcept
      : receive_datagram_operation(other.impl, other.buffer, limit) {}

  bool start() { return impl->start(*this); }

  result<received_datagram> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return received;
  }

  datagram_impl* impl;
  std::span<std::byte> buffer;
  received_datagram received;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// As many datagrams as are there, at least one, into the program's slots.
class [[nodiscard]] receive_datagrams_operation final
    : public awaitable<receive_datagrams_operation> {
 public:
  receive_datagrams_operation(datagram_impl* on, std::span<datagram_slot> into,
                              within limit) noexcept
      : awaitable(limit), impl(on), slots(into) {}
  receive_datagrams_operation(const receive_datagrams_operation& other, within limit) noexcept
      : receive_datagrams_operation(other.impl, other.slots, limit) {}

  bool start();

  /// How many slots were filled.
  result<std::size_t> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return count;
  }

  datagram_impl* impl;
  std::span<datagram_slot> slots;
  std::size_t count = 0;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// One datagram to the stack.
class [[nodiscard]] send_datagram_operation final : public awaitable<send_datagram_operation> {
 public:
  send_datagram_operation(datagram_impl* on, const outgoing_datagram& sent, within limit) noexcept
      : awaitable(limit), impl(on), outgoing(sent) {}
  send_datagram_operation(const send_datagram_operation& other, within limit) noexcept
      : send_datagram_operation(other.impl, other.outgoing, limit) {}

  bool start() { return impl->start(*this); }

  result<void> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return {};
  }

  datagram_impl* impl;
  outgoing_datagram outgoing;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// All of many datagrams to the stack, in order.
class [[nodiscard]] send_datagrams_operation final : public awaitable<send_datagrams_operation> {
 public:
  send_datagrams_operation(datagram_impl* on, std::span<const outgoing_datagram> sent,
                           within limit) noexcept
      : awaitable(limit), impl(on), rest(sent) {}
  send_datagrams_operation(const send_datagrams_operation& other, within limit) noexcept
      : send_datagrams_operation(other.impl, other.rest, limit) {}

  bool start() { return rest.empty() || impl->start(*this); }

  /// How many the stack has taken: all, or those before the one that failed; if that is the first,
  /// its error.
  result<std::size_t> await_resume() const noexcept {
    if (error != 0 && count == 0) return operation_failure(error);
    return count;
  }

  /// `taken` datagrams more are with the stack.
  void advance(std::size_t taken) noexcept {
    rest = rest.subspan(taken);
    count += taken;
  }

  datagram_impl* impl;
  std::span<const outgoing_datagram> rest;
  std::size_t count = 0;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

/// The next error that came back about a datagram that was sent.
class [[nodiscard]] receive_error_operation final : public awaitable<receive_error_operation> {
 public:
  receive_error_operation(datagram_impl* on, std::span<std::byte> into, within limit) noexcept
      : awaitable(limit), impl(on), buffer(into) {}
  receive_error_operation(const receive_error_operation& other, within limit) noexcept
      : receive_error_operation(other.impl, other.buffer, limit) {}

  bool start() { return impl->start(*this); }

  result<datagram_error> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return received;
  }

  datagram_impl* impl;
  std::span<std::byte> buffer;  ///< for the datagram that it is about; may be empty
  datagram_error received;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

}  // namespace pentad
