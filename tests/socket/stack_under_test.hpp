// What the conformance tests of sockets run on: a host that serves and a host that connects (one
// and the same, or two on one loop), and the addresses between them. A stack that wants to be
// tested derives from `stack_under_test` and instantiates the suite `stream` (stream_suite.hpp)
// with a `stack_kind` of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pentad/socket/host.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {

using namespace std::chrono_literals;

class stack_under_test {
 public:
  virtual ~stack_under_test() = default;

  virtual host& server() = 0;
  virtual host& client() = 0;

  /// Addresses of the two hosts, reachable from each other: of IPv4 at least two each, of IPv6 one.
  virtual ip_address server_address(ip_version version, std::uint8_t index) = 0;
  virtual ip_address client_address(ip_version version, std::uint8_t index) = 0;
  virtual bool has(ip_version version) = 0;

  /// Where a connection is neither made nor refused.
  virtual endpoint silence() = 0;

  /// Where the serving host listens if a test does not care, with a port that it chooses.
  endpoint server_endpoint(ip_version version = ip_version::v4) {
    return {server_address(version, 0), 0};
  }
};

struct stack_kind {
  const char* name;
  std::unique_ptr<stack_under_test> (*make)();  ///< null where that is not allowed

  friend void PrintTo(const stack_kind& kind, std::ostream* out) { *out << kind.name; }
};

inline std::string stack_name(const testing::TestParamInfo<stack_kind>& info) {
  return info.param.name;
}

/// A test that runs on every stack.
class on_each_stack : public testing::TestWithParam<stack_kind> {
 protected:
  void SetUp() override {
    if (!stack_) GTEST_SKIP() << "needs CAP_NET_ADMIN, CAP_SYS_ADMIN and /dev/net/tun";
  }

  host& server() { return stack_->server(); }
  host& client() { return stack_->client(); }
  stack_under_test& stack() { return *stack_; }

  /// Runs `program` to its end; what it throws fails the test.
  template <class T>
  T run(task<T> program) {
    return must(stack_->server().run(std::move(program)));
  }

 private:
  std::unique_ptr<stack_under_test> stack_ = GetParam().make();
};

}  // namespace pentad::test
