#include "apps/messenger/chat/carrier.hpp"

#include <utility>

#include "pentad/runtime/scope.hpp"

namespace pentad::messenger::chat {
namespace {

/// A line from a server, tags included, has at most so many bytes; longer ones are not heard.
constexpr std::size_t longest_line = 16384;

/// Output that may wait while more is received: the answers to PING, mostly.
constexpr std::size_t most_output = 65536;

}  // namespace

task<result<void>> carrier::run() {
  result<void> ended;
  co_await in_scope([&](scope& both) -> task<> {
    both.spawn(send());
    ended = co_await receive();
    both.cancel();
  });
  co_return ended;
}

task<> carrier::send() {
  for (;;) {
    while (!session_.output().empty()) {
      sending_.clear();
      std::swap(sending_, session_.output());
      const std::span<const std::byte> bytes = std::as_bytes(std::span(sending_));
      const result<void> taken = co_await socket_.send(bytes);
      if (!taken) co_return;  // the receiving side learns why
      observer_.sent(bytes);
      sent_.set();
    }
    const result<void> more = co_await new_output_.wait();
    if (!more) co_return;
  }
}

task<result<void>> carrier::receive() {
  for (;;) {
    new_output_.set();
    while (session_.output().size() > most_output) {
      const result<void> less = co_await sent_.wait();
      if (!less) co_return failure(less.error());
    }
    const result<class received> data = co_await socket_.receive(within(most_silence));
    if (data) {
      observer_.received(data->bytes());
      if (data->empty()) co_return result<void>();
      hear(data->bytes());
    } else if (data.error() != std::errc::timed_out || !session_.probe()) {
      co_return failure(data.error());
    }
    session_.advance(here_.now());
    co_await observer_.caught_up();
  }
}

void carrier::hear(std::span<const std::byte> bytes) {
  lines_.feed({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  while (const auto line = lines_.next(longest_line)) {
    if (line->too_long) continue;
    const std::optional<news> heard = session_.hear(line->text, here_.now());
    if (heard) observer_.heard(*heard);
  }
  lines_.keep();
}

}  // namespace pentad::messenger::chat
