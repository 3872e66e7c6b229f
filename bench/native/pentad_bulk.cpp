// One end of a bulk transfer on a host of Pentad's, such as native:tap=tap0,ip=10.0.0.2/24.
//
// usage: pentad_bulk HOST sink PORT SECONDS WARMUP   waits for a connection, prints bytes a second
//        pentad_bulk HOST source ENDPOINT            sends for as long as the other end takes it

#include <charconv>
#include <string_view>
#include <vector>

#include "bench/native/must.hpp"
#include "bench/native/stopwatch.hpp"
#include "pentad/pentad.hpp"

namespace {

using namespace pentad;
using namespace pentad::bench;

constexpr std::size_t chunk_size = std::size_t{256} << 10;

task<int> sink(host& here, std::uint16_t port, double seconds, double warmup) {
  stream_listener listener =
      must(here.listen(endpoint(ip_address::any(ip_version::v4), port)), "listen");
  std::puts("ready");
  std::fflush(stdout);
  stream_socket socket = must(co_await listener.accept(), "accept");
  std::vector<std::byte> buffer(chunk_size);
  stopwatch watch(warmup, seconds);
  std::size_t count = 0;
  do {
    count = must(co_await socket.receive(buffer), "receive");
  } while (watch.add(count));
  std::printf("%.0f\n", watch.per_second());
  std::fflush(stdout);
  co_return 0;
}

task<int> source(host& here, endpoint to) {
  stream_socket socket = must(co_await here.connect(to), "connect");
  const std::vector<std::byte> chunk(chunk_size, std::byte{0x5a});
  for (;;) {
    const result<void> sent = co_await socket.send(chunk);
    if (!sent) co_return 0;  // the other end has enough
  }
}

int usage() {
  std::fputs("usage: pentad_bulk HOST sink PORT SECONDS WARMUP | HOST source ENDPOINT\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return usage();
  const std::string_view what = argv[2];
  const std::unique_ptr<host> here = must(make_host(argv[1]), "host");
  if (what == "sink" && argc == 6) {
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[3]));
    return must(here->run(sink(*here, port, std::atof(argv[4]), std::atof(argv[5]))), "sink");
  }
  if (what != "source" || argc != 4) return usage();
  const endpoint to = must(endpoint::parse(argv[3]), argv[3]);
  return must(here->run(source(*here, to)), "source");
}
