#include "apps/pentad/bench_udp_server.hpp"

#include <algorithm>
#include <deque>
#include <vector>

#include "apps/pentad/bench_datagram.hpp"

namespace pentad::command {
namespace {

using kind = bench_datagram::kind;

constexpr std::size_t slot_count = 16;
constexpr std::size_t room = 65'536;

// How many messages of which run came. The oldest run is forgotten.
class tallies {
 public:
  void count(std::uint64_t run, std::size_t size) {
    bench_datagram& tally = of(run);
    ++tally.messages;
    tally.bytes += size;
  }

  bench_datagram& of(std::uint64_t run) {
    const auto found = std::ranges::find(kept_, run, &bench_datagram::run);
    if (found != kept_.end()) return *found;
    if (kept_.size() == most_kept) kept_.pop_back();
    kept_.push_front({.what = kind::told, .run = run});
    return kept_.front();
  }

 private:
  static constexpr std::size_t most_kept = 64;
  std::deque<bench_datagram> kept_;
};

class bench_server {
 public:
  explicit bench_server(datagram_socket socket) : socket_(std::move(socket)) {
    for (std::size_t i = 0; i != slot_count; ++i) {
      slots_[i].buffer = std::span(memory_).subspan(i * room, room);
    }
  }

  task<result<>> serve() {
    for (;;) {
      const result<std::size_t> got = co_await socket_.receive(slots_);
      if (!got) co_return failure(got.error());
      replies_.clear();
      for (const datagram_slot& slot : std::span(slots_).first(*got)) take(slot);
      const result<> replied = co_await reply();
      if (!replied) co_return replied;
    }
  }

 private:
  // One that cannot be sent is lost, as any datagram may be.
  task<result<>> reply() {
    for (std::span<const outgoing_datagram> rest(replies_); !rest.empty();) {
      const result<std::size_t> sent = co_await socket_.send(rest);
      if (!sent && sent.error() == std::errc::operation_canceled) co_return failure(sent.error());
      rest = rest.subspan(std::max<std::size_t>(sent.value_or(0), 1));
    }
    co_return result<>();
  }

  void take(const datagram_slot& slot) {
    const received_datagram& got = slot.received;
    const std::size_t size = got.segment_size == 0 ? got.bytes.size() : got.segment_size;
    for (std::size_t at = 0; at < got.bytes.size(); at += size) {
      take(slot.buffer.subspan(at, std::min(size, got.bytes.size() - at)), got);
    }
  }

  void take(std::span<std::byte> bytes, const received_datagram& from) {
    std::optional<bench_datagram> read = bench_datagram::parse(bytes);
    if (!read) return;
    if (read->what == kind::one_way) return all_.count(read->run, bytes.size());
    if (read->what == kind::question) {
      read->what = kind::answer;
    } else if (read->what == kind::ask) {
      read = all_.of(read->run);
    } else {
      return;
    }
    read->write(bytes);
    replies_.push_back({.bytes = bytes, .to = from.source, .from = from.destination});
  }

  datagram_socket socket_;
  std::vector<std::byte> memory_ = std::vector<std::byte>(slot_count * room);
  std::vector<datagram_slot> slots_ = std::vector<datagram_slot>(slot_count);
  std::vector<outgoing_datagram> replies_;
  tallies all_;
};

}  // namespace

task<result<>> serve_udp_bench(datagram_socket socket) {
  bench_server server(std::move(socket));
  co_return co_await server.serve();
}

}  // namespace pentad::command
