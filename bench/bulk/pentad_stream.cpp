// One TCP stream by Pentad: `pentad_stream HOST sink PORT SECONDS` receives for so long and prints
// the bytes a second; `pentad_stream HOST source PORT` sends until the other end is gone.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "pentad/pentad.hpp"

namespace {

using namespace pentad;

constexpr std::size_t piece = 128 << 10;

endpoint at(std::uint16_t port) { return {ip_address::loopback(ip_version::v4), port}; }

task<int> sink(host& here, std::uint16_t port, double seconds) {
  auto listener = here.listen(at(port));
  if (!listener) co_return 1;
  std::puts("ready");
  std::fflush(stdout);
  auto peer = co_await listener->accept();
  if (!peer) co_return 1;
  std::vector<std::byte> buffer(piece);
  const auto began = std::chrono::steady_clock::now();
  std::uint64_t count = 0;
  double elapsed = 0;
  while (elapsed < seconds) {
    for (int i = 0; i < 16; ++i) {
      auto got = co_await peer->receive(buffer);
      if (!got || *got == 0) co_return 1;
      count += *got;
    }
    elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }
  std::printf("%.0f\n", static_cast<double>(count) / elapsed);
  co_return 0;
}

task<int> source(host& here, std::uint16_t port) {
  auto peer = co_await here.connect(at(port));
  if (!peer) co_return 1;
  const std::vector<std::byte> bytes(piece);
  for (;;) {
    auto sent = co_await peer->send(bytes);
    if (!sent) co_return 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  auto here = make_host(argv[1]);
  if (!here) return 1;
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[3]));
  const bool receives = std::string_view(argv[2]) == "sink";
  task<int> program =
      receives ? sink(**here, port, argc > 4 ? std::atof(argv[4]) : 1) : source(**here, port);
  return (*here)->run(std::move(program)).value_or(1);
}
