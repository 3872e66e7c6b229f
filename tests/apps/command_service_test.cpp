#include <gtest/gtest.h>

#include <array>

#include "apps/pentad/service.hpp"
#include "pentad/hosts/make_host.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::command {
namespace {

using test::error_of;
using test::must;

constexpr bool quietly = false;

class service : public testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<host> here_ = must(make_host(GetParam()));
  const endpoint any_port_{ip_address::loopback(ip_version::v4), 0};
};

// An address on which nobody listens.
socket_address refusing(host& here, const endpoint& on) {
  return must(must(here.listen(on)).local());
}

TEST_P(service, is_found_by_its_address_or_name) {
  const auto program = [&](const char* text) -> task<result<std::vector<socket_address>>> {
    co_return co_await addresses_of(*here_, service_address::parse(text).value());
  };
  const auto found = [&](const char* text) { return must(must(here_->run(program(text)))); };
  EXPECT_EQ(service_text(found("tcp://10.9.0.1:80").at(0)), "tcp://10.9.0.1:80");
  EXPECT_EQ(service_text(found("tcp://[2001:db8::1]:80").at(0)), "tcp://[2001:db8::1]:80");
  EXPECT_EQ(service_text(found("unix:/run/chat").at(0)), "unix:/run/chat");
  for (const socket_address& each : found("tcp://localhost:80")) {
    EXPECT_TRUE(each.ip().address.is_loopback());
    EXPECT_EQ(each.ip().port, 80);
  }
}

TEST_P(service, is_reached_at_the_address_that_takes_a_connection) {
  const stream_listener listener = must(here_->listen(any_port_));
  const std::string port = std::to_string(must(listener.local()).ip().port);
  // Nobody listens at the other address of this name.
  for (const std::string& text : {"tcp://localhost:" + port, "tcp://127.0.0.1:" + port}) {
    const service_address wanted = service_address::parse(text).value();
    const stream_socket peer = must(must(here_->run(connect_to(*here_, wanted, quietly))));
    EXPECT_EQ(must(peer.remote()), must(listener.local())) << text;
  }
}

TEST_P(service, is_not_reached_when_all_addresses_refuse) {
  const std::string port = std::to_string(refusing(*here_, any_port_).ip().port);
  for (const std::string& text : {"tcp://localhost:" + port, "tcp://127.0.0.1:" + port}) {
    const service_address wanted = service_address::parse(text).value();
    const auto peer = must(here_->run(connect_to(*here_, wanted, quietly)));
    EXPECT_EQ(error_of(peer), std::errc::connection_refused) << text;
  }
}

TEST_P(service, is_not_reached_at_the_path_of_nobody) {
  const service_address nowhere = service_address::parse("unix:/nowhere/at/all").value();
  const auto peer = must(here_->run(connect_to(*here_, nowhere, quietly)));
  EXPECT_EQ(error_of(peer), std::errc::no_such_file_or_directory);
}

TEST_P(service, is_offered_at_the_first_address_that_is_free) {
  stream_listener taken = must(here_->listen(any_port_));
  const std::array addresses = {must(taken.local()), refusing(*here_, any_port_)};
  stream_listener listener = must(listen_on_one(*here_, addresses, quietly));
  EXPECT_EQ(must(listener.local()), addresses[1]);
}

TEST_P(service, is_not_offered_when_no_address_is_free) {
  stream_listener taken = must(here_->listen(any_port_));
  const std::array addresses = {must(taken.local())};
  EXPECT_EQ(error_of(listen_on_one(*here_, addresses, quietly)), std::errc::address_in_use);
}

INSTANTIATE_TEST_SUITE_P(stacks, service, testing::Values("kernel:uring", "kernel:epoll"),
                         [](const auto& tested) {
                           return std::string(tested.param).substr(std::string("kernel:").size());
                         });

}  // namespace
}  // namespace pentad::command
