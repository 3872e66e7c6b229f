#include "apps/pentad/path_echo.hpp"

#include <algorithm>
#include <vector>

namespace pentad::command {

// CLOCK_REALTIME may be set back between two stamps; then the time between them is not known.
hop_duration between(const std::optional<wall_time>& from,
                     const std::optional<wall_time>& to) noexcept {
  if (!from || !to || *to < *from) return {};
  return *to - *from;
}

task<result<void>> echo_with_times(path_channel channel) {
  std::vector<std::byte> buffer(path_message::largest);
  hop_times question_before;
  bool has_answered = false;
  for (;;) {
    const result<std::size_t> size = co_await channel.receive(buffer);
    if (!size) co_return failure(size.error());
    if (*size == 0) co_return result<void>();
    const hop_times question = channel.received_times();
    path_message answer = path_message::parse(buffer).value();
    answer.far = {};
    if (has_answered) {
      const hop_times out = co_await channel.sent_times();
      answer.far.socket_to_stack = between(out.given, out.scheduled);
      answer.far.stack_to_nic = between(out.scheduled, out.transmitted);
      answer.far.whole = between(question_before.arrived, out.transmitted);
    }
    answer.far.nic_to_stack = between(question.arrived, question.queued);
    answer.far.nic_to_program = between(question.arrived, question.read);
    answer.far.program = between(question.read, wall_time(std::chrono::system_clock::now()));
    answer.write(buffer);
    const result<void> sent = co_await channel.send(std::span(buffer).first(*size));
    if (!sent) co_return failure(sent.error());
    question_before = question;
    has_answered = true;
  }
}

}  // namespace pentad::command
