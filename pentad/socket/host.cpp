#include "pentad/socket/host.hpp"

#include <bit>

#include "pentad/socket/resolver.hpp"

namespace pentad {
namespace {

// splitmix64: turns any seed, zero included, into a good state (Vigna).
std::uint64_t mix(std::uint64_t& state) noexcept {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

// As long as Linux lets a closed connection linger: net.ipv4.tcp_fin_timeout.
constexpr duration longest_linger = std::chrono::seconds(60);

struct limit final : timer_node {
  bool has_passed = false;
};

result<unbound_socket> open(stack& network, address_family family, const stream_options& options) {
  result<owned_impl<unconnected_impl>> opened = network.open_stream(family, options);
  if (!opened) return failure(opened.error());
  return unbound_socket(std::move(*opened));
}

}  // namespace

host::host(event_loop& loop, stack& network, std::uint64_t seed)
    : host(loop, network, seed, name_service()) {}

host::host(event_loop& loop, stack& network, std::uint64_t seed, const name_service& names)
    : loop_(loop), stack_(network), resolver_(std::make_unique<resolver>(*this, names)) {
  for (std::uint64_t& word : random_) word = mix(seed);
}

host::~host() = default;

task<result<std::vector<ip_address>>> host::resolve(std::string name) {
  return resolver_->resolve(std::move(name), nullptr);
}

result<unbound_socket> host::open(stream_kind, ip_version version, const stream_options& options) {
  return pentad::open(stack_, family_of(version), options);
}

result<unbound_socket> host::open(stream_kind, unix_domain_kind, const stream_options& options) {
  return pentad::open(stack_, address_family::local, options);
}

result<stream_listener> host::listen(const socket_address& local, const listen_options& options) {
  stream_options set = options;
  if (local.is_ip() && !set.reuse_address) set.reuse_address = true;
  result<unbound_socket> opened = pentad::open(stack_, family_of(local), set);
  if (!opened) return failure(opened.error());
  result<bound_socket> bound = std::move(*opened).bind(local);
  if (!bound) return failure(bound.error());
  return std::move(*bound).listen(options.backlog);
}

result<datagram_socket> host::datagram(const socket_address& local,
                                       const datagram_options& options) {
  auto opened = stack_.open_datagram(family_of(local), options);
  if (!opened) return failure(opened.error());
  if (const result<void> bound = (*opened)->bind(local); !bound) return failure(bound.error());
  return datagram_socket(std::move(*opened));
}

result<raw_socket> host::raw(ip_version version, ip_protocol protocol, const raw_options& options) {
  auto opened = stack_.open_raw(version, protocol, options);
  if (!opened) return failure(opened.error());
  return raw_socket(std::move(*opened), protocol);
}

result<packet_socket> host::packets(const packet_options& options) {
  auto opened = stack_.open_packets(options);
  if (!opened) return failure(opened.error());
  return packet_socket(std::move(*opened));
}

void host::settle() {
  if (stack_.is_settled()) return;
  limit patience;
  patience.at = later(loop_.now(), longest_linger);
  patience.fire = [](timer_node& node) { static_cast<limit&>(node).has_passed = true; };
  loop_.timers().insert(patience);
  loop_.run_until([&] { return stack_.is_settled() || patience.has_passed; });
  loop_.timers().erase(patience);
}

std::uint64_t host::random() noexcept {
  const std::uint64_t drawn = std::rotl(random_[1] * 5, 7) * 9;
  const std::uint64_t shifted = random_[1] << 17;
  random_[2] ^= random_[0];
  random_[3] ^= random_[1];
  random_[1] ^= random_[2];
  random_[0] ^= random_[3];
  random_[2] ^= shifted;
  random_[3] = std::rotl(random_[3], 45);
  return drawn;
}

}  // namespace pentad
