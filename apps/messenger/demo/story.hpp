// The story of the demo, from the reports of all who take part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/demo/report.hpp"

namespace pentad::messenger::demo {

class story final : public audience {
 public:
  void hear(const report& told) override { reports_.push_back(told); }

  /// Where the server can be reached; empty until it can.
  std::string_view server() const noexcept;

  bool has_trouble() const noexcept;

  /// Both messages were in front of the person that they were meant for, and nothing failed.
  bool ends_well() const noexcept;

  /// How it went, for people to read: the steps of the server and of Alice, in order, and the
  /// messages.
  std::string text() const;

 private:
  struct scene;

  const report* find(actor who, const scene& wanted, std::string_view tuple) const noexcept;
  bool has_read(actor who, std::string_view message) const noexcept;
  void put_scene(std::string& out, actor who, const scene& shown, std::string_view tuple) const;

  std::vector<report> reports_;
};

}  // namespace pentad::messenger::demo
