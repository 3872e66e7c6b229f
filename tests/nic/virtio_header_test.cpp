#include "pentad/nic/virtio_header.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/nic/frames.hpp"

namespace pentad::test {
namespace {

constexpr packet_offload super{.checksum = checksum_state::partial,
                               .segment = segmentation::tcp_v4,
                               .checksum_start = 34,
                               .checksum_offset = 16,
                               .segment_size = 1448,
                               .header_size = 66};

// Only what the header is checked against: TCP's data offset.
octets frame_with_tcp_at(std::size_t start, std::size_t tcp_size, std::size_t size) {
  octets frame(size);
  frame[start + 12] = static_cast<std::byte>(tcp_size / 4 << 4);
  return frame;
}

TEST(virtio_header, of_a_frame_without_offload_is_zero) {
  EXPECT_EQ(virtio_header_for({}), virtio_header{});
  EXPECT_EQ(virtio_header_for({.checksum = checksum_state::verified}), virtio_header{});
}

TEST(virtio_header, says_what_each_offload_says) {
  const auto frame = frame_with_tcp_at(34, 32, 9000);
  EXPECT_EQ(offload_from(virtio_header_for(super), frame), super);

  auto other = super;
  other.segment = segmentation::tcp_v6;
  EXPECT_EQ(offload_from(virtio_header_for(other), frame), other);

  other.segment = segmentation::udp;
  other.checksum_offset = 6;
  other.header_size = 42;
  EXPECT_EQ(offload_from(virtio_header_for(other), frame), other);

  const packet_offload partial{
      .checksum = checksum_state::partial, .checksum_start = 34, .checksum_offset = 6};
  EXPECT_EQ(offload_from(virtio_header_for(partial), frame), partial);
}

TEST(virtio_header, that_says_right_makes_a_verified_checksum) {
  const octets frame(60);
  EXPECT_EQ(offload_from({.flags = virtio_header::checksum_is_right}, frame),
            packet_offload{.checksum = checksum_state::verified});
}

TEST(virtio_header, is_not_believed_about_the_size_of_the_headers) {
  auto header = virtio_header_for(super);
  header.header_size = 200;  // Linux puts the size of its buffer's linear part there
  EXPECT_EQ(offload_from(header, frame_with_tcp_at(34, 32, 9000)), super);
}

TEST(virtio_header, that_contradicts_the_frame_says_nothing) {
  const auto frame = frame_with_tcp_at(34, 32, 9000);
  auto header = virtio_header_for(super);
  header.checksum_start = 8990;
  EXPECT_FALSE(offload_from(header, frame));
  header = virtio_header_for(super);
  header.flags = 0;
  EXPECT_FALSE(offload_from(header, frame)) << "a super-segment without a partial checksum";
  header = virtio_header_for(super);
  header.segment_size = 0;
  EXPECT_FALSE(offload_from(header, frame));
  header = virtio_header_for(super);
  header.gso_type = 9;
  EXPECT_FALSE(offload_from(header, frame));
  EXPECT_FALSE(offload_from(virtio_header_for(super), frame_with_tcp_at(34, 32, 52)));
  EXPECT_FALSE(offload_from(virtio_header_for(super), frame_with_tcp_at(34, 60, 80)));
}

}  // namespace
}  // namespace pentad::test
