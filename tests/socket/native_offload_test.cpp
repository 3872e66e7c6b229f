// Pentad's own stack over cards that take and give super-segments.
#include <array>
#include <vector>

#include "pentad/nic/memory.hpp"
#include "pentad/runtime/virtual_engine.hpp"
#include "pentad/runtime/when.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {
namespace {

class offloading_pair {
 public:
  offloading_pair() {
    first_stack_.add(link_.first(), with_address(1));
    second_stack_.add(link_.second(), with_address(2));
  }

  host first() { return {loop_, first_stack_, 1}; }
  host second() { return {loop_, second_stack_, 2}; }

 private:
  static native::interface_settings with_address(std::uint8_t last) {
    native::interface_settings settings;
    settings.addresses.push_back({ip_address::v4(10, 0, 0, last), 24});
    return settings;
  }

  static native::core_settings seeded(std::uint64_t seed) {
    native::core_settings settings;
    settings.seed = seed;
    return settings;
  }

  virtual_engine engine_;
  event_loop loop_{engine_};
  packet_pool packets_;
  memory_link link_{packets_, packets_, memory_link_options::offloading()};
  native::native_stack first_stack_{loop_, packets_, seeded(1)};
  native::native_stack second_stack_{loop_, packets_, seeded(2)};
};

// RFC 9293, section 3.8.6.3, asks for that of two full segments.
TEST(native_offload, acknowledges_two_full_segments_that_come_as_one_at_once) {
  offloading_pair cable;
  host sender = cable.first();
  host receiver = cable.second();
  const auto program = [&]() -> task<> {
    stream_listener listener = must(receiver.listen(endpoint(ip_address::v4(10, 0, 0, 2), 7)));
    auto both = co_await when_all(sender.connect(must(listener.local())), listener.accept());
    stream_socket near = must(std::move(both.get<0>()));
    stream_socket far = must(std::move(both.get<1>()));
    const std::vector<std::byte> two(2 * near.info().segment_size.value());
    std::vector<std::byte> buffer(two.size());
    for (int i = 0; i < 50; ++i) {  // the first ones are acknowledged at once anyhow
      const instant start = sender.now();
      must(co_await near.send(two));
      while (near.info().send_queue != 0) must(co_await sleep(1ms));
      EXPECT_LT(sender.now() - start, 10ms);
      for (std::size_t got = 0; got < two.size();) got += must(co_await far.receive(buffer));
    }
  };
  must(sender.run(program()));
}

}  // namespace
}  // namespace pentad::test
