// The datagrams of `pentad bench udp`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace pentad::command {

struct bench_datagram {
  /// Only questions are answered, and by something else: two servers never talk to each other.
  enum class kind : std::uint32_t {
    question = 1,  ///< to be answered
    answer,        ///< of the same number and size
    one_way,       ///< to be counted
    ask,           ///< how many of the run were counted?
    told,          ///< so many
  };

  kind what = kind::question;
  std::uint64_t run = 0;       ///< the client's name for what it measures, drawn by lot
  std::uint64_t number = 0;    ///< of a question and its answer
  std::uint64_t messages = 0;  ///< that were counted
  std::uint64_t bytes = 0;     ///< of them

  /// The bytes before the padding, all numbers in network order. A reply is as large as what it
  /// replies to, so nobody is made to send more to a third than he was sent.
  static constexpr std::size_t header_size = 40;
  static constexpr std::size_t largest = 65'507;

  /// None if it is not one.
  static std::optional<bench_datagram> parse(std::span<const std::byte> bytes) noexcept;

  /// Writes the header; the rest of `into` is padding.
  void write(std::span<std::byte> into) const noexcept;
};

}  // namespace pentad::command
