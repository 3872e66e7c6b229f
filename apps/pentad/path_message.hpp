// The messages of `pentad path`: what the probing side sends and the echoing side answers, with the
// times that the answer spent on that host.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace pentad::command {

/// How long a message took between two hops; empty where the stack does not know.
using hop_duration = std::optional<std::chrono::nanoseconds>;

/// What the echoing side knows by its own clock. Of an answer the times on the way out are known
/// only when it is gone, so each answer tells those of the one before.
struct far_times {
  hop_duration nic_to_stack{};     ///< of the question: arrived, until it was queued for the socket
  hop_duration nic_to_program{};   ///< of the question, all in all
  hop_duration program{};          ///< from reading the question to sending the answer
  hop_duration socket_to_stack{};  ///< of the answer before
  hop_duration stack_to_nic{};     ///< of the answer before
  hop_duration whole{};            ///< from nic to nic, of the answer before
};

struct path_message {
  std::uint32_t number = 0;  ///< counted from 0
  std::uint32_t size = 0;    ///< of the whole message, in bytes
  far_times far;             ///< empty in a question

  /// The bytes before the padding. All numbers are in network order: "PATH", size, number, and the
  /// times in nanoseconds, -1 for one that is not known.
  static constexpr std::size_t header_size = 12 + 6 * 8;
  static constexpr std::size_t largest = 65'507;

  /// Reads the header of a message. None if it is not one.
  static std::optional<path_message> parse(std::span<const std::byte> bytes) noexcept;

  /// Writes the header; the rest of `bytes` is padding.
  void write(std::span<std::byte> bytes) const noexcept;
};

}  // namespace pentad::command
