#include "apps/messenger/demo/one_process.hpp"

#include "apps/messenger/demo/play.hpp"
#include "pentad/hosts/native_pair.hpp"
#include "pentad/hosts/random_seed.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::messenger::demo {
namespace {

task<> play_both(native_pair& hosts, const endpoint& server, story& told) {
  co_await in_scope([&](scope& both) -> task<> {
    both.spawn(play_host_b(hosts.second(), server, told));
    both.spawn(play_host_a(hosts.first(), server, told));  // by then the other one listens
    co_return;
  });
}

// Ends when both hosts have played, or when it took too long.
task<> play_within(duration longest, native_pair& hosts, const endpoint& server, story& told) {
  co_await play_both(hosts, server, told).timeout(longest);
}

}  // namespace

bool play_in_one_process(const ip_address& a, const endpoint& server, duration longest,
                         story& told) {
  native_pair hosts({.first = a, .second = server.address, .seed = random_seed()});
  const instant start = hosts.first().now();
  const result<void> played = hosts.first().run(play_within(longest, hosts, server, told));
  if (!played)
    told.hear({report::kind::trouble, actor::server, "playing", played.error().message(), {}, {}});
  return hosts.first().now() - start < longest;
}

}  // namespace pentad::messenger::demo
