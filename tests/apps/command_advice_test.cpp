#include <gtest/gtest.h>

#include "apps/pentad/advice.hpp"
#include "pentad/base/error.hpp"

namespace pentad::command {
namespace {

std::error_code code(std::errc error) { return std::make_error_code(error); }

TEST(advice, stands_below_the_error) {
  EXPECT_EQ(explain("cannot connect", code(std::errc::connection_refused), "Wait."),
            "cannot connect: Connection refused\n  Wait.");
  EXPECT_EQ(explain("cannot connect", code(std::errc::connection_refused)),
            "cannot connect: Connection refused");
}

TEST(advice, on_connecting_names_the_address_to_listen_on) {
  EXPECT_EQ(advice_on_connecting(code(std::errc::connection_refused), "tcp://[::1]:7"),
            "Nobody listens there. To listen: pentad listen tcp://[::1]:7");
}

TEST(advice, on_listening_names_the_port_that_is_taken) {
  EXPECT_EQ(advice_on_listening(code(std::errc::address_in_use), "tcp://[::1]:7000"),
            "Port 0 picks a free one; `ss -ltnp 'sport = :7000'` shows who has this one.");
}

TEST(advice, differs_for_unix_sockets) {
  for (const std::errc each : {std::errc::address_in_use, std::errc::permission_denied}) {
    const std::string advice = advice_on_listening(code(each), "unix:/run/chat");
    EXPECT_FALSE(advice.empty());
    EXPECT_NE(advice, advice_on_listening(code(each), "tcp://127.0.0.1:80"));
  }
}

TEST(advice, on_names_is_the_same_for_both) {
  for (const errc each :
       {errc::name_not_found, errc::name_try_again, errc::name_failed, errc::no_name_server}) {
    const std::string advice = advice_on_connecting(each, "tcp://host:7");
    EXPECT_FALSE(advice.empty());
    EXPECT_EQ(advice, advice_on_listening(each, "tcp://host:7"));
  }
}

TEST(advice, on_a_stack_is_about_what_it_needs) {
  const std::error_code forbidden = code(std::errc::operation_not_permitted);
  EXPECT_NE(advice_on_stack(forbidden).find("kernel:epoll"), std::string::npos);
}

TEST(advice, is_left_out_when_there_is_none) {
  EXPECT_EQ(advice_on_connecting(code(std::errc::io_error), "tcp://[::1]:7"), "");
  EXPECT_EQ(advice_on_listening(code(std::errc::io_error), "tcp://[::1]:7"), "");
  EXPECT_EQ(advice_on_stack(code(std::errc::io_error)), "");
}

}  // namespace
}  // namespace pentad::command
