// Connections that are never idle, on a host of any stack.
//
// usage: flow HOST sink ENDPOINT FLOWS WARMUP SECONDS   prints each peer with its bytes a second
//        flow HOST source ENDPOINT FLOWS                sends as long as the other end takes it,
//                                                       prints how many segments it sent again

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "bench/native/must.hpp"
#include "pentad/pentad.hpp"

namespace {

using namespace pentad;
using namespace pentad::bench;

constexpr std::size_t chunk_size = std::size_t{64} << 10;

duration in_seconds(double count) {
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(count));
}

struct incoming {
  stream_socket socket;
  std::uint64_t bytes = 0;

  explicit incoming(stream_socket accepted) : socket(std::move(accepted)) {}
};

task<> count_bytes(incoming& flow) {
  std::vector<std::byte> buffer(chunk_size);
  for (;;) {
    const result<std::size_t> got = co_await flow.socket.receive(buffer);
    if (!got || *got == 0) co_return;
    flow.bytes += *got;
  }
}

task<int> sink(host& here, endpoint at, std::size_t count, double warmup, double seconds) {
  stream_listener listener = must(here.listen(at), "listen");
  std::puts("ready");
  std::fflush(stdout);
  std::vector<std::unique_ptr<incoming>> flows;
  co_await in_scope([&](scope& counting) -> task<> {
    while (flows.size() != count) {
      result<stream_socket> accepted = co_await listener.accept();
      flows.push_back(std::make_unique<incoming>(must(std::move(accepted), "accept")));
      counting.spawn(count_bytes(*flows.back()));
    }
    must(co_await here.sleep(in_seconds(warmup)), "sleep");
    for (auto& each : flows) each->bytes = 0;
    const instant begin = here.now();
    must(co_await here.sleep(in_seconds(seconds)), "sleep");
    const double passed = std::chrono::duration<double>(here.now() - begin).count();
    for (auto& each : flows) {
      const endpoint peer = each->socket.tuple().value().remote;
      std::printf("%s %.0f\n", to_string(peer.address).c_str(),
                  static_cast<double>(each->bytes) / passed);
    }
    std::fflush(stdout);
    counting.cancel();
  });
  co_return 0;
}

task<> keep_sending(host& here, endpoint to, std::uint64_t& sent_again) {
  stream_socket socket = must(co_await here.connect(to), "connect");
  const std::vector<std::byte> chunk(chunk_size, std::byte{0x5a});
  std::uint64_t latest = 0;
  for (;;) {
    const result<void> sent = co_await socket.send(chunk);
    if (!sent) break;  // the other end has enough
    latest = socket.info().retransmits.value_or(0);
  }
  sent_again += latest;
}

task<int> source(host& here, endpoint to, std::size_t count) {
  std::uint64_t sent_again = 0;
  co_await in_scope([&](scope& flows) -> task<> {
    for (std::size_t i = 0; i != count; ++i) flows.spawn(keep_sending(here, to, sent_again));
    co_return;
  });
  std::printf("%llu\n", static_cast<unsigned long long>(sent_again));
  co_return 0;
}

int usage() {
  std::fputs("usage: flow HOST sink ENDPOINT FLOWS WARMUP SECONDS | HOST source ENDPOINT FLOWS\n",
             stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return usage();
  const std::string_view what = argv[2];
  const std::unique_ptr<host> here = must(make_host(argv[1]), argv[1]);
  const endpoint address = must(endpoint::parse(argv[3]), argv[3]);
  const auto flows = static_cast<std::size_t>(std::atoi(argv[4]));
  if (what == "sink" && argc == 7) {
    const double warmup = std::atof(argv[5]);
    const double seconds = std::atof(argv[6]);
    return must(here->run(sink(*here, address, flows, warmup, seconds)), "sink");
  }
  if (what != "source" || argc != 5) return usage();
  return must(here->run(source(*here, address, flows)), "source");
}
