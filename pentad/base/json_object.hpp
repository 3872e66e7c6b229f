#pragma once

/// Builds the text of one JSON object (RFC 8259) on one line.

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace pentad {

/// Appends `text` as a JSON string. Its bytes may be any: what is not UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

class json_object {
 public:
  json_object& add(std::string_view name, std::string_view text) {
    append_json_string(begin(name), text);
    return *this;
  }

  json_object& add(std::string_view name, std::integral auto number)
    requires(!std::same_as<decltype(number), bool>)
  {
    begin(name).append(std::to_string(number));
    return *this;
  }

  json_object& add(std::string_view name, std::same_as<bool> auto value) {
    begin(name).append(value ? "true" : "false");
    return *this;
  }

  /// Leaves out what is empty.
  template <class Value>
  json_object& add(std::string_view name, const std::optional<Value>& value) {
    return value ? add(name, *value) : *this;
  }

  /// A value that is JSON already.
  json_object& add_json(std::string_view name, std::string_view json) {
    begin(name).append(json);
    return *this;
  }

  [[nodiscard]] std::string text() const { return text_ + "}"; }

 private:
  std::string& begin(std::string_view name) {
    if (text_.size() > 1) text_ += ',';
    append_json_string(text_, name);
    return text_.append(":");
  }

  std::string text_{"{"};
};

}  // namespace pentad
