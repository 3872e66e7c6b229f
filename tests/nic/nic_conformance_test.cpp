// The contract of nic.hpp, for every NIC.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/nic/network_namespace.hpp"
#include "tests/nic/nic_setups.hpp"

namespace pentad::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct kind {
  const char* name;
  make_setup make;
  bool in_namespace = false;
};

class nic_contract : public testing::TestWithParam<kind> {
 protected:
  // Runs `body` with a NIC whose pool has `limits`.
  template <class Body>
  void with_card(Body body, const packet_pool_limits& limits = {}) {
    const auto run = [&] {
      const std::unique_ptr<nic_setup> setup = GetParam().make(limits);
      ASSERT_NO_FATAL_FAILURE(body(*setup));
    };
    if (GetParam().in_namespace) {
      in_network_namespace(run);
    } else {
      run();
    }
  }
};

std::string kind_name(const testing::TestParamInfo<kind>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(, nic_contract,
                         testing::Values(kind{"memory", memory_setup},
                                         kind{"recorded", recorded_setup},
                                         kind{"unimpaired", unimpaired_setup},
                                         kind{"tap_on_uring", tap_on_uring_setup, true},
                                         kind{"tap_on_epoll", tap_on_epoll_setup, true},
                                         kind{"packet_on_uring", packet_on_uring_setup, true},
                                         kind{"packet_on_epoll", packet_on_epoll_setup, true},
                                         kind{"packet_by_call", packet_by_call_setup, true}),
                         kind_name);

TEST_P(nic_contract, says_what_it_is) {
  with_card([](nic_setup& setup) {
    EXPECT_NE(setup.card().address(), mac_address());
    EXPECT_FALSE(setup.card().address().is_multicast());
    EXPECT_EQ(setup.card().mtu(), 1500U);
  });
}

TEST_P(nic_contract, carries_frames_of_every_size_unchanged_and_in_order_both_ways) {
  with_card([](nic_setup& setup) {
    std::vector<octets> frames;
    for (const std::size_t size : {60U, 61U, 999U, 1513U, 1514U}) {
      frames.push_back(numbered_frame(static_cast<std::uint32_t>(frames.size()), size));
    }
    for (const octets& frame : frames) {
      EXPECT_TRUE(transmit_one(setup.card(), packet_of(setup.pool(), frame)));
    }
    EXPECT_EQ(setup.far_end_receives(), frames);
    for (const octets& frame : frames) setup.far_end_sends(frame);
    EXPECT_EQ(receive_all(setup.card()), frames);
  });
}

TEST_P(nic_contract, takes_and_gives_many_at_once) {
  with_card([](nic_setup& setup) {
    std::vector<packet> batch;
    for (std::uint32_t i = 0; i != 20; ++i) {
      batch.push_back(packet_of(setup.pool(), numbered_frame(i)));
    }
    EXPECT_EQ(setup.card().transmit(batch), 20U);
    for (const packet& taken : batch) EXPECT_FALSE(taken);
    EXPECT_EQ(setup.far_end_receives().size(), 20U);

    for (std::uint32_t i = 0; i != 20; ++i) setup.far_end_sends(numbered_frame(i));
    batch.resize(15);
    EXPECT_EQ(setup.card().receive(batch), 15U);
    EXPECT_EQ(number_of(batch[14].bytes()), 14U);
    EXPECT_EQ(setup.card().receive(batch), 5U);
    EXPECT_EQ(number_of(batch[4].bytes()), 19U);
    EXPECT_EQ(setup.card().receive(batch), 0U);
  });
}

TEST_P(nic_contract, tells_once_when_frames_arrive_after_it_had_none) {
  with_card([](nic_setup& setup) {
    counting_ready ready;
    setup.card().set_ready(&ready);
    setup.turn();  // which may tell of frames that prove to be none
    EXPECT_THAT(receive_all(setup.card()), IsEmpty());
    ready.receivable_calls = 0;

    setup.far_end_sends(numbered_frame(1));
    setup.far_end_sends(numbered_frame(2));
    setup.turn();
    EXPECT_EQ(ready.receivable_calls, 1);
    setup.far_end_sends(numbered_frame(3));
    setup.turn();
    EXPECT_EQ(ready.receivable_calls, 1);

    EXPECT_EQ(receive_all(setup.card()).size(), 3U);
    setup.far_end_sends(numbered_frame(4));
    setup.turn();
    EXPECT_EQ(ready.receivable_calls, 2);
    setup.card().set_ready(nullptr);
  });
}

TEST_P(nic_contract, does_not_tell_while_all_that_was_asked_for_was_given) {
  with_card([](nic_setup& setup) {
    counting_ready ready;
    setup.card().set_ready(&ready);
    setup.far_end_sends(numbered_frame(1));
    setup.turn();
    ready.receivable_calls = 0;
    packet one;
    EXPECT_EQ(setup.card().receive({&one, 1}), 1U);
    setup.far_end_sends(numbered_frame(2));
    setup.turn();
    EXPECT_EQ(ready.receivable_calls, 0);
    EXPECT_THAT(receive_all(setup.card()), ElementsAre(numbered_frame(2)));
    setup.card().set_ready(nullptr);
  });
}

TEST_P(nic_contract, tells_a_new_hook_at_once_of_what_waits_already) {
  with_card([](nic_setup& setup) {
    counting_ready first;
    counting_ready second;
    setup.card().set_ready(&first);
    EXPECT_THAT(receive_all(setup.card()), IsEmpty());
    setup.far_end_sends(numbered_frame(1));
    setup.turn();
    setup.card().set_ready(&second);
    EXPECT_EQ(second.receivable_calls, 1);
    setup.card().set_ready(nullptr);
    EXPECT_EQ(receive_all(setup.card()).size(), 1U);
  });
}

TEST_P(nic_contract, takes_drops_and_counts_what_is_too_long) {
  with_card([](nic_setup& setup) {
    EXPECT_TRUE(transmit_one(setup.card(), packet_of(setup.pool(), numbered_frame(1, 1519))));
    EXPECT_TRUE(transmit_one(setup.card(), packet_of(setup.pool(), numbered_frame(2))));
    EXPECT_THAT(setup.far_end_receives(), ElementsAre(numbered_frame(2)));
    EXPECT_EQ(setup.card().counters().transmit_drops, 1U);
    EXPECT_EQ(setup.card().counters().transmitted_frames, 1U);
    EXPECT_EQ(setup.card().counters().transmitted_bytes, 60U);
  });
}

TEST_P(nic_contract, drops_and_counts_what_arrives_while_the_pool_is_exhausted) {
  with_card(
      [](nic_setup& setup) {
        setup.far_end_sends(numbered_frame(1));
        packet kept;
        ASSERT_EQ(setup.card().receive({&kept, 1}), 1U);
        const packet all_the_rest = setup.pool().take(1);
        ASSERT_TRUE(all_the_rest);

        setup.far_end_sends(numbered_frame(2));
        EXPECT_THAT(receive_all(setup.card()), IsEmpty());
        EXPECT_EQ(setup.card().counters().receive_drops, 1U);
        kept = {};
        setup.far_end_sends(numbered_frame(3));
        EXPECT_THAT(receive_all(setup.card()), ElementsAre(numbered_frame(3)));
        EXPECT_EQ(setup.card().counters().received_frames, 2U);
        EXPECT_EQ(setup.card().counters().received_bytes, 120U);
      },
      {.packets = 2});
}

}  // namespace
}  // namespace pentad::test
