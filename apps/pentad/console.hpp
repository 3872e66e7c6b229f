// Standard input and output as all conversations of a command share them.
#pragma once

#include <string_view>

#include "apps/pentad/command.hpp"
#include "apps/pentad/fan_out.hpp"
#include "apps/pentad/standard_streams.hpp"

namespace pentad::command {

class console {
 public:
  /// How far a peer may fall behind the input, in bytes.
  static constexpr std::size_t input_capacity = 1 << 20;

  /// `patience`: how long the input waits for a peer that is so far behind.
  console(std::string_view subcommand, duration patience);

  fan_out& input() noexcept { return input_; }
  output_stream& output() noexcept { return output_; }

  /// Reads standard input for the conversations until it ends. Reports what goes wrong.
  task<> read_input();

  /// Whether standard input and output did their part, as an exit code. Reports a failed output.
  int finish() const;

 private:
  std::string_view subcommand_;
  input_stream from_;
  fan_out input_;
  output_stream output_;
  bool input_failed_ = false;
};

}  // namespace pentad::command
