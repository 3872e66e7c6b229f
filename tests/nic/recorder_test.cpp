#include "pentad/nic/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "pentad/nic/memory.hpp"
#include "tests/nic/segments.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct recorded {
  std::uint64_t timestamp;
  wire::pcapng_direction direction;
  octets bytes;

  friend bool operator==(const recorded&, const recorded&) = default;
};

class recordings : public testing::Test {
 protected:
  ~recordings() override { std::filesystem::remove(path_); }

  std::unique_ptr<recorder> make_recorder(const std::string& path) {
    return must(recorder::open(link_.first(), path, [this] { return time_; }));
  }
  std::unique_ptr<recorder> make_recorder() { return make_recorder(path_); }

  octets file() const {
    std::ifstream stream(path_, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
  }

  // The packets in the file, which has nothing else than these after its two heads.
  std::vector<recorded> read() const {
    const octets whole = file();
    wire::pcapng_reader reader(whole);
    std::vector<recorded> packets;
    for (int block = 0;; ++block) {
      const auto next = reader.next();
      if (!next || !*next) {
        EXPECT_TRUE(next);
        return packets;
      }
      if (block == 0) {
        EXPECT_EQ(std::get<wire::pcapng_section>(**next).application, "Pentad");
      } else if (block == 1) {
        EXPECT_EQ(std::get<wire::pcapng_interface>(**next).timestamp_resolution, 9);
      } else {
        const auto& packet = std::get<wire::pcapng_packet>(**next);
        EXPECT_EQ(packet.original_length, packet.bytes.size());
        packets.push_back({packet.timestamp,
                           packet.direction.value(),
                           {packet.bytes.begin(), packet.bytes.end()}});
      }
    }
  }

  std::string path_ = testing::TempDir() + "pentad-" + std::to_string(::getpid()) + ".pcapng";
  std::chrono::nanoseconds time_ = 1'700'000'000s + 123ns;
  packet_pool pool_;
  packet_pool far_pool_;
  memory_link_options options_ = memory_link_options::offloading();
  memory_link link_{pool_, far_pool_, options_};
};

TEST_F(recordings, have_each_frame_with_its_direction_and_its_nanosecond) {
  const auto card = make_recorder();
  EXPECT_TRUE(transmit_one(*card, packet_of(pool_, numbered_frame(1))));
  time_ += 1ns;
  EXPECT_TRUE(transmit_one(link_.second(), packet_of(far_pool_, numbered_frame(2, 1514))));
  EXPECT_EQ(receive_all(*card).size(), 1U);
  EXPECT_TRUE(card->flush());
  EXPECT_THAT(read(),
              ElementsAre(recorded{1'700'000'000'000'000'123, wire::pcapng_direction::outbound,
                                   numbered_frame(1)},
                          recorded{1'700'000'000'000'000'124, wire::pcapng_direction::inbound,
                                   numbered_frame(2, 1514)}));
}

TEST_F(recordings, of_several_cards_name_the_card_of_each_frame) {
  const std::shared_ptr<recording_file> shared = must(recording_file::create(path_));
  recorder first(link_.first(), shared, "eth0", [this] { return time_; });
  recorder second(link_.second(), shared, "eth1", [this] { return time_; });
  EXPECT_TRUE(transmit_one(first, packet_of(pool_, numbered_frame(1))));
  EXPECT_EQ(receive_all(second).size(), 1U);
  EXPECT_TRUE(shared->flush());
  const octets whole = file();
  wire::pcapng_reader reader(whole);
  ASSERT_TRUE(reader.next());  // the section
  std::vector<std::string> names;
  for (int i = 0; i != 2; ++i) {
    names.emplace_back(std::get<wire::pcapng_interface>(reader.next().value().value()).name);
  }
  EXPECT_THAT(names, ElementsAre("eth0", "eth1"));
  const auto sent = std::get<wire::pcapng_packet>(reader.next().value().value());
  EXPECT_EQ(sent.interface_index, 0U);
  EXPECT_EQ(sent.direction, wire::pcapng_direction::outbound);
  const auto received = std::get<wire::pcapng_packet>(reader.next().value().value());
  EXPECT_EQ(received.interface_index, 1U);
  EXPECT_EQ(received.direction, wire::pcapng_direction::inbound);
}

TEST_F(recordings, are_complete_when_the_recorder_is_gone) {
  {
    const auto card = make_recorder();
    for (std::uint32_t i = 0; i != 1000; ++i) {  // more than it holds back
      EXPECT_TRUE(transmit_one(*card, packet_of(pool_, numbered_frame(i, 1514))));
      EXPECT_EQ(receive_all(link_.second()).size(), 1U);
    }
  }
  const std::vector<recorded> packets = read();
  ASSERT_EQ(packets.size(), 1000U);
  for (std::uint32_t i = 0; i != 1000; ++i) {
    EXPECT_EQ(packets[i].bytes, numbered_frame(i, 1514));
  }
}

TEST_F(recordings, have_super_segments_whole_with_complete_checksums) {
  const octets payload = payload_of(60'000);
  const auto card = make_recorder();
  packet whole = flow::v4().tcp_offloaded(pool_, payload, 1448);
  const octets sent = octets_of(whole);
  const packet_offload offload = whole.offload();
  EXPECT_TRUE(transmit_one(*card, std::move(whole)));
  EXPECT_TRUE(card->flush());
  EXPECT_THAT(read(), ElementsAre(testing::Field(&recorded::bytes, flow::v4().tcp(payload))));

  packet arrived;
  ASSERT_EQ(link_.second().receive({&arrived, 1}), 1U);
  EXPECT_EQ(octets_of(arrived), sent) << "what is recorded is not what is sent";
  EXPECT_EQ(arrived.offload(), offload);
}

TEST_F(recordings, have_no_frame_that_was_not_taken) {
  options_.queue_frames = 1;
  memory_link narrow(pool_, far_pool_, options_);
  const auto card = must(recorder::open(narrow.first(), path_, [this] { return time_; }));
  std::vector<packet> batch;
  for (std::uint32_t i = 0; i != 3; ++i) batch.push_back(packet_of(pool_, numbered_frame(i)));
  EXPECT_EQ(card->transmit(batch), 1U);
  EXPECT_FALSE(batch[0]);
  EXPECT_TRUE(batch[1]);
  EXPECT_EQ(receive_all(narrow.second()).size(), 1U);
  EXPECT_EQ(card->transmit(std::span(batch).subspan(1)), 1U);
  EXPECT_TRUE(card->flush());
  EXPECT_THAT(read(), ElementsAre(testing::Field(&recorded::bytes, numbered_frame(0)),
                                  testing::Field(&recorded::bytes, numbered_frame(1))));
}

TEST_F(recordings, that_cannot_be_written_report_it_once_and_never_stop_traffic) {
  const auto card = recorder::open(link_.first(), "/dev/full", [this] { return time_; });
  EXPECT_EQ(card.error(), std::errc::no_space_on_device);

  // The disk fills up later: a pipe whose reader goes.
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const auto later = make_recorder("/proc/self/fd/" + std::to_string(ends[1]));
  ::close(ends[1]);
  ::close(ends[0]);
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  EXPECT_TRUE(transmit_one(*later, packet_of(pool_, numbered_frame(1))));
  EXPECT_EQ(later->flush().error(), std::errc::broken_pipe);
  std::signal(SIGPIPE, before);
  EXPECT_TRUE(later->flush());
  EXPECT_EQ(later->missed(), 0U);
  EXPECT_TRUE(transmit_one(*later, packet_of(pool_, numbered_frame(2))));
  EXPECT_TRUE(transmit_one(link_.second(), packet_of(far_pool_, numbered_frame(3))));
  EXPECT_EQ(receive_all(*later).size(), 1U);
  EXPECT_EQ(later->missed(), 2U);
  EXPECT_EQ(receive_all(link_.second()).size(), 2U);
}

TEST_F(recordings, have_to_have_a_file) {
  const auto none = recorder::open(link_.first(), "/nowhere/at/all", [] { return 0ns; });
  EXPECT_EQ(none.error(), std::errc::no_such_file_or_directory);
}

TEST_F(recordings, can_be_read_by_tshark) {
  if (std::system("command -v tshark >/dev/null") != 0) GTEST_SKIP() << "tshark is not installed";
  {
    const auto card = make_recorder();
    EXPECT_TRUE(transmit_one(*card, flow::v4().tcp_offloaded(pool_, payload_of(9000), 1448)));
    EXPECT_TRUE(transmit_one(*card, flow::v6().udp_offloaded(pool_, payload_of(100), 0)));
  }
  const std::string command =
      "tshark -r " + path_ +
      " -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields -e frame.time_epoch"
      " -e tcp.len -e tcp.checksum.status -e udp.length -e udp.checksum.status 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(command.c_str(), "r"), &::pclose);
  std::array<char, 1000> text{};
  EXPECT_GT(std::fread(text.data(), 1, text.size() - 1, output.get()), 0U);
  EXPECT_STREQ(text.data(),
               "1700000000.000000123\t9000\t1\t\t\n1700000000.000000123\t\t\t108\t1\n");
}

}  // namespace
}  // namespace pentad::test
