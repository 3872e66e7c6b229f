#include "pentad/wire/ethernet.hpp"

#include <gtest/gtest.h>

#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::bytes;

TEST(ethernet, reads_a_frame_of_linux) {
  const auto frame = bytes(test::arp_request_frame);
  const auto view = ethernet_view::parse(frame);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->destination().is_broadcast());
  EXPECT_EQ(view->source(), test::linux_mac);
  EXPECT_EQ(view->type(), ethertype::arp);
  EXPECT_EQ(view->payload().size(), 28U);
  EXPECT_EQ(view->payload().data(), frame.data() + 14);
}

TEST(ethernet, reads_what_it_writes) {
  test::generator generate;
  for (int i = 0; i != 500; ++i) {
    const ethernet_header header{generate.mac(), generate.mac(),
                                 static_cast<ethertype>(0x600 + generate.number(0xffff - 0x600))};
    test::exact_copy frame{test::byte_vector(ethernet_header::size())};
    header.emit(frame.span());
    const auto view = ethernet_view::parse(frame.span());
    ASSERT_TRUE(view);
    ASSERT_EQ(view->header(), header);
    ASSERT_TRUE(view->payload().empty());
  }
}

TEST(ethernet, refuses_every_truncated_header) {
  const auto header = bytes("ffffffffffff 020000000001 0806");
  EXPECT_TRUE(test::refuses_every_truncation(
      header, [](auto part) { return ethernet_view::parse(part).has_value(); }));
}

TEST(ethernet, does_not_take_a_length_for_a_type) {
  EXPECT_EQ(ethernet_view::parse(bytes("0180c2000000 020000000001 0026 424203")).error(),
            parse_error::unsupported);
  EXPECT_FALSE(ethernet_view::parse(bytes("0180c2000000 020000000001 05ff")));
  EXPECT_TRUE(ethernet_view::parse(bytes("0180c2000000 020000000001 0600")));
}

}  // namespace
}  // namespace pentad::wire
