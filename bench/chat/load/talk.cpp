// Mode `talk`: members of one channel say lines of 64 bytes, and every other member has to get each
// of them. Either as many are on their way at once as the window lets, or they are said at a pace.
// Mode `join`: how long it takes until all who join a channel at once are there.

#include <algorithm>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "bench/peers/latency.hpp"
#include "channel.hpp"

namespace {

constexpr std::size_t message_size = 64;
constexpr std::size_t digits = 16;  // of its number, which a message begins with
constexpr std::size_t remembered = 65536;

struct message {
  nanoseconds said = 0;
  unsigned missing = 0;  // members who have not got it
};

class talk {
 public:
  explicit talk(const settings& s) : settings_(s), crowd_(s, s.members), recent_(remembered) {
    join_channel(crowd_);
  }

  void run() {
    now_ = monotonic();
    begin_ = now_ + static_cast<nanoseconds>(settings_.warmup * 1e9);
    due_ = now_;
    while (is_open()) {
      say_what_is_due();
      crowd_.take_in([this](unsigned, std::string_view line) { hear(line); });
      now_ = monotonic();
    }
    print();
  }

 private:
  /// False: the time is over.
  bool is_open() {
    if (end_ == 0 && now_ >= begin_) {
      begin_ = now_;
      end_ = now_ + static_cast<nanoseconds>(settings_.seconds * 1e9);
      processor_ = processor_time(settings_.server);
    }
    if (end_ == 0 || now_ < end_) return true;
    end_ = now_;
    processor_ = processor_time(settings_.server) - processor_;
    return false;
  }

  void say_what_is_due() {
    if (settings_.pace == 0) {
      while (said_ - heard_by_all_ < settings_.window) say(now_);
      return;
    }
    const auto interval = static_cast<nanoseconds>(1e9 * (settings_.members - 1) / settings_.pace);
    // A line counts from when it was due, even when it could not be said then.
    for (; due_ <= now_; due_ += interval) say(due_);
  }

  void say(nanoseconds at) {
    if (said_ - heard_by_all_ == remembered) fail("the server is far behind");
    recent_[said_ % remembered] = {at, settings_.members - 1};
    char number[digits + 1];
    std::snprintf(number, sizeof number, "%016" PRIx64, said_);
    line_.assign("PRIVMSG ").append(channel_name).append(" :").append(number);
    line_.append(message_size - digits, 'x').append("\r\n");
    crowd_.send(static_cast<unsigned>(said_++ % settings_.speakers), line_);
  }

  void hear(std::string_view line) {
    if (line.size() < message_size) return;
    const char* const first = line.data() + line.size() - message_size;
    std::uint64_t number = 0;
    const auto read = std::from_chars(first, first + digits, number, 16);
    if (read.ptr != first + digits) return;
    message& it = recent_[number % remembered];
    if (number >= said_ || it.missing == 0) fail("a line came twice");
    if (end_ != 0) {
      ++deliveries_;
      const nanoseconds now = monotonic();
      latency_.add(now - std::min(now, it.said), 1);
    }
    --it.missing;
    while (heard_by_all_ < said_ && recent_[heard_by_all_ % remembered].missing == 0) {
      ++heard_by_all_;
    }
  }

  void print() const {
    std::printf("{\"mode\":\"talk\",\"members\":%u,\"deliveries\":%" PRIu64
                ",\"elapsed_ns\":%" PRIu64 ",\"server_cpu_ns\":%" PRIu64 ",\"p50_ns\":%" PRIu64
                ",\"p99_ns\":%" PRIu64 "}\n",
                settings_.members, deliveries_, end_ - begin_, processor_, latency_.percentile(0.5),
                latency_.percentile(0.99));
  }

  const settings& settings_;
  clients crowd_;
  std::vector<message> recent_;
  std::string line_;
  std::uint64_t said_ = 0;
  std::uint64_t heard_by_all_ = 0;  // all before this number are
  nanoseconds now_ = 0;
  nanoseconds due_ = 0;
  nanoseconds begin_ = 0;
  nanoseconds end_ = 0;  // 0: still warming up
  nanoseconds processor_ = 0;
  std::uint64_t deliveries_ = 0;
  latency latency_;
};

}  // namespace

void run_talk(const settings& s) { talk{s}.run(); }

void run_join(const settings& s) {
  clients crowd{s, s.members};
  const nanoseconds begin = monotonic();
  const nanoseconds processor = processor_time(s.server);
  join_channel(crowd);
  std::printf("{\"mode\":\"join\",\"members\":%u,\"elapsed_ns\":%" PRIu64
              ",\"server_cpu_ns\":%" PRIu64 "}\n",
              s.members, monotonic() - begin, processor_time(s.server) - processor);
}
