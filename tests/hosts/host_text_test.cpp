#include "pentad/hosts/host_text.hpp"

#include <gtest/gtest.h>

#include "pentad/base/error.hpp"
#include "pentad/hosts/make_host.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;

TEST(host_text, names_the_engine) {
  EXPECT_EQ(must(host_text::parse("kernel")).engine, engine_kind::best);
  EXPECT_EQ(must(host_text::parse("kernel:uring")).engine, engine_kind::uring);
  EXPECT_EQ(must(host_text::parse("kernel:epoll")).engine, engine_kind::epoll);
}

TEST(host_text, may_ask_for_spinning) {
  EXPECT_EQ(must(host_text::parse("kernel")).spin, 0ns);
  EXPECT_EQ(must(host_text::parse("kernel,spin=800ns")).spin, 800ns);
  EXPECT_EQ(must(host_text::parse("kernel:uring,spin=50us")).spin, 50us);
  EXPECT_EQ(must(host_text::parse("kernel:epoll,spin=2ms")).spin, 2ms);
  EXPECT_EQ(must(host_text::parse("kernel,spin=1s")).spin, 1s);
  EXPECT_EQ(must(host_text::parse("kernel,spin=0s")).spin, 0s);
  EXPECT_EQ(must(host_text::parse("kernel,spin=1us,spin=2us")).spin, 2us) << "the last counts";
}

TEST(host_text, refuses_what_it_does_not_know) {
  for (const char* text : {
           "",
           ",",
           "Kernel",
           "kernel ",
           " kernel",
           "kernel:",
           "kernel:poll",
           "kernel:uring:epoll",
           "kernelspin=1us",
           "uring",
           "epoll",
           "kernel,",
           "kernel,,spin=1us",
           "kernel,spin",
           "kernel,spin=",
           "kernel,spin=us",
           "kernel,spin=1",
           "kernel,spin=1m",
           "kernel,spin=1 us",
           "kernel,spin=-1us",
           "kernel,spin=+1us",
           "kernel,spin=1.5us",
           "kernel,spin=0x1us",
           "kernel,spin=3601s",
           "kernel,spin=9223372036854775807s",
           "kernel,spin=99999999999999999999ns",
           "kernel,spin=1us ",
           "kernel,Spin=1us",
           "kernel,turbo=1",
       }) {
    EXPECT_EQ(error_of(host_text::parse(text)), errc::malformed_host) << '"' << text << '"';
    EXPECT_EQ(error_of(make_host(text)), errc::malformed_host) << '"' << text << '"';
  }
}

}  // namespace
}  // namespace pentad::test
