// A cable between two Linux network namespaces: a TAP device `tap0` in each, and between them the
// impairments that hosts on the own stack can give their link, in real time.
//
// usage: cable NAMESPACE NAMESPACE [OPTION]...; prints "ready" and runs until its input ends.
//   delay=DURATION rate=RATE queue=BYTES seed=NUMBER   each way
//   loss=PROBABILITY                                   from the first to the second
//   stall=DURATION every=DURATION                      from the first to the second nothing arrives
//                                                      for so long, and then all of it
//   lose_tails                                         see lost_tails.hpp

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "bench/native/must.hpp"
#include "bench/wan/junction.hpp"
#include "bench/wan/lost_tails.hpp"
#include "pentad/hosts/option_text.hpp"
#include "pentad/nic/impairment.hpp"
#include "pentad/nic/tap.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/runtime/epoll_engine.hpp"

namespace {

using namespace pentad;
using namespace pentad::bench;
using namespace std::chrono_literals;

struct cable_options {
  impairments there;
  impairments back;
  std::uint64_t seed = 1;
  duration stall{};
  duration every = 5s;
  bool lose_tails = false;
};

template <class Value>
bool set(Value& to, const std::optional<Value>& parsed) {
  if (parsed) to = *parsed;
  return parsed.has_value();
}

bool set_option(std::string_view key, std::string_view value, cable_options& to) {
  if (key == "loss") return set(to.there.loss, parse_probability(value));
  if (key == "delay") return set(to.there.delay, parse_duration(value));
  if (key == "rate") return set(to.there.rate, parse_rate(value));
  if (key == "queue") return set(to.there.queue_bytes, parse_number(value));
  if (key == "seed") return set(to.seed, parse_number(value));
  if (key == "stall") return set(to.stall, parse_duration(value));
  if (key == "every") return set(to.every, parse_duration(value));
  to.lose_tails = true;
  return key == "lose_tails";
}

std::optional<cable_options> parse(std::span<char*> words) {
  cable_options parsed;
  for (std::string_view value : words) {
    const std::string_view key = take_until(value, '=');
    if (!set_option(key, value, parsed)) return {};
  }
  parsed.back = parsed.there;
  parsed.back.loss = 0;
  return parsed;
}

std::unique_ptr<tap_nic> open_tap(const std::string& network, packet_pool& pool,
                                  descriptor_engine& engine) {
  const std::string path = "/run/netns/" + network;
  const descriptor_handle space(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!space || ::setns(space.get(), CLONE_NEWNET) != 0) {
    must<void>(failure_from_errno(errno), path.c_str());
  }
  return must(tap_nic::open("tap0", pool, engine), "tap0");
}

// Frames that enter while the delay is long hold up all behind them, for none overtakes another.
class stalling final : private timer_node {
 public:
  stalling(impairment& link, const cable_options& wanted, event_loop& loop)
      : link_(link), wanted_(wanted), loop_(loop) {
    fire = [](timer_node& node) { static_cast<stalling&>(node).change(); };
    if (wanted.stall > duration::zero()) wait(wanted.every);
  }
  ~stalling() { loop_.timers().erase(*this); }
  stalling(const stalling&) = delete;
  stalling& operator=(const stalling&) = delete;

 private:
  static constexpr duration long_enough_for_a_frame = 5ms;

  void wait(duration length) {
    at = loop_.now() + length;
    loop_.timers().insert(*this);
  }

  void change() {
    is_long_ = !is_long_;
    impairments now = wanted_.there;
    if (is_long_) now.delay += wanted_.stall;
    link_.set_receive(now);
    wait(is_long_ ? long_enough_for_a_frame : wanted_.every);
  }

  impairment& link_;
  const cable_options& wanted_;
  event_loop& loop_;
  bool is_long_ = false;
};

// Whoever started the cable holds the other end of its input.
class end_of_input final : private descriptor_watch {
 public:
  explicit end_of_input(descriptor_engine& engine) : engine_(engine) {
    must(engine.watch(STDIN_FILENO, *this), "standard input");
  }
  ~end_of_input() { engine_.unwatch(STDIN_FILENO, *this); }
  end_of_input(const end_of_input&) = delete;
  end_of_input& operator=(const end_of_input&) = delete;

  bool has_come() const noexcept { return has_come_; }

 private:
  void ready() noexcept override {
    char byte = 0;
    has_come_ = ::read(STDIN_FILENO, &byte, 1) == 0;
  }

  descriptor_engine& engine_;
  bool has_come_ = false;
};

void carry_frames(const std::string& a, const std::string& b, const cable_options& wanted) {
  const std::unique_ptr<epoll_engine> engine = must(epoll_engine::open({}), "epoll");
  event_loop loop(*engine);
  packet_pool pool;
  const std::unique_ptr<tap_nic> first = open_tap(a, pool, *engine);
  const std::unique_ptr<tap_nic> second = open_tap(b, pool, *engine);
  impairment link(*first, loop, wanted.seed);
  link.set_receive(wanted.there);
  link.set_transmit(wanted.back);
  const stalling stalls(link, wanted, loop);
  lost_tails tails;
  junction::loses lost;
  if (wanted.lose_tails) {
    lost = [&](std::span<const std::byte> frame) { return tails.has_next(frame); };
  }
  const junction joined(link, *second, loop, std::move(lost));
  const end_of_input end(*engine->descriptors());
  std::puts("ready");
  std::fflush(stdout);
  loop.run_until([&] { return end.has_come(); });
}

}  // namespace

int main(int argc, char** argv) {
  const std::span words(argv, static_cast<std::size_t>(argc));
  const auto wanted = words.size() < 3 ? std::nullopt : parse(words.subspan(3));
  if (!wanted) {
    std::fputs("usage: cable NAMESPACE NAMESPACE [OPTION]..., see cable.cpp\n", stderr);
    return 2;
  }
  carry_frames(words[1], words[2], *wanted);
  return 0;
}
