// Messages that are answered one by one, on a host of any stack.
//
// usage: messages HOST answer ENDPOINT
//        messages HOST repair ENDPOINT COUNT     prints the median, in seconds, of how much later
//                                                the answer to a message comes whose last segment
//                                                is lost (see lost_tails.hpp)
//        messages HOST repeat ENDPOINT SECONDS   asks again and again, prints how many segments it
//                                                sent again

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "bench/native/must.hpp"
#include "bench/wan/tail_mark.hpp"
#include "pentad/base/byte_order.hpp"
#include "pentad/pentad.hpp"
#include "pentad/socket/receive_exactly.hpp"

namespace {

using namespace pentad;
using namespace pentad::bench;

// Fewer segments than any window has room for.
constexpr std::size_t short_message = std::size_t{4} * 1400;
constexpr std::size_t long_message = std::size_t{40} * 1400;

// A message begins with how long it is, in two bytes.
std::vector<std::byte> message_of(std::size_t size) {
  std::vector<std::byte> made(size);
  store_be16(made.data(), static_cast<std::uint16_t>(size));
  return made;
}

task<> answer_all(stream_socket peer) {
  std::vector<std::byte> message(long_message);
  const std::span<std::byte> whole(message);
  const std::array<std::byte, 1> reply{};
  for (;;) {
    const result<void> began = co_await receive_exactly(peer, whole.first(2));
    if (!began) co_return;
    const std::size_t size = load_be16(message.data());
    must(co_await receive_exactly(peer, whole.first(size - 2)), "receive");
    must(co_await peer.send(reply), "send");
  }
}

task<int> answer(host& here, endpoint at) {
  stream_listener listener = must(here.listen(at), "listen");
  std::puts("ready");
  std::fflush(stdout);
  co_await in_scope([&](scope& peers) -> task<> {
    for (;;) {
      result<stream_socket> accepted = co_await listener.accept();
      peers.spawn(answer_all(must(std::move(accepted), "accept")));
    }
  });
  co_return 0;
}

task<duration> ask(host& here, stream_socket& peer, std::span<const std::byte> message) {
  std::array<std::byte, 1> reply;
  const instant begin = here.now();
  must(co_await peer.send(message), "send");
  must(co_await receive_exactly(peer, reply), "receive");
  co_return here.now() - begin;
}

// A connection for each, for a loss slows the next message down.
task<int> repair(host& here, endpoint to, std::size_t count) {
  const std::vector<std::byte> plain = message_of(short_message);
  std::vector<std::byte> marked = plain;
  std::memcpy(&marked[marked.size() - tail_mark.size()], tail_mark.data(), tail_mark.size());
  std::vector<duration> later;
  while (later.size() != count) {
    stream_socket peer = must(co_await here.connect(to), "connect");
    duration usual{};
    for (int i = 0; i < 5; ++i) usual = co_await ask(here, peer, plain);
    const duration repaired = co_await ask(here, peer, marked);
    later.push_back(repaired - usual);
  }
  const auto middle = later.begin() + static_cast<std::ptrdiff_t>(later.size() / 2);
  std::ranges::nth_element(later, middle);
  std::printf("%.4f\n", std::chrono::duration<double>(*middle).count());
  co_return 0;
}

task<int> repeat(host& here, endpoint to, duration length) {
  const std::vector<std::byte> message = message_of(long_message);
  stream_socket peer = must(co_await here.connect(to), "connect");
  const instant end = here.now() + length;
  while (here.now() < end) {
    const duration took = co_await ask(here, peer, message);
    static_cast<void>(took);
  }
  const std::uint64_t sent_again = peer.info().retransmits.value_or(0);
  std::printf("%llu\n", static_cast<unsigned long long>(sent_again));
  co_return 0;
}

int usage() {
  std::fputs("usage: messages HOST answer|repair|repeat ENDPOINT..., see messages.cpp\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return usage();
  const std::string_view what = argv[2];
  const std::unique_ptr<host> here = must(make_host(argv[1]), argv[1]);
  const endpoint address = must(endpoint::parse(argv[3]), argv[3]);
  if (what == "answer" && argc == 4) return must(here->run(answer(*here, address)), "answer");
  const int count = argc == 5 ? std::atoi(argv[4]) : 0;
  if (count < 1) return usage();
  if (what == "repair") {
    return must(here->run(repair(*here, address, static_cast<std::size_t>(count))), "repair");
  }
  if (what != "repeat") return usage();
  return must(here->run(repeat(*here, address, std::chrono::seconds(count))), "repeat");
}
