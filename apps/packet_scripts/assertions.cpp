#include "apps/packet_scripts/assertions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "apps/packet_scripts/mismatch.hpp"

namespace pentad::packet_scripts {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Cuts at each of `separators` that is outside of parentheses and texts; comments are left out.
std::vector<std::string> parts_of(std::string_view code, std::string_view separators) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = 0;
  bool in_comment = false;
  for (const char c : code) {
    if (in_comment && c != '\n') continue;
    in_comment = quote == 0 && c == '#';
    if (in_comment) continue;
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    } else if (depth <= 0 && separators.find(c) != std::string_view::npos) {
      parts.emplace_back();
      continue;
    }
    parts.back() += c;
  }
  return parts;
}

// Recursive descent with Python's precedences; truth is 1 or 0.
class evaluator {
 public:
  evaluator(std::string_view text, const assertions::lookup& look)
      : all_(text), rest_(text), look_(look) {}

  double whole() {
    const double value = either();
    skip_blanks();
    if (!rest_.empty()) fail();
    return value;
  }

 private:
  // Bounds the recursion.
  class nesting {
   public:
    explicit nesting(evaluator& of) : of_(of) {
      if (++of_.depth_ > most) of_.fail();
    }
    ~nesting() { --of_.depth_; }
    nesting(const nesting&) = delete;
    nesting& operator=(const nesting&) = delete;

   private:
    static constexpr int most = 128;
    evaluator& of_;
  };

  double either() {
    double value = both();
    while (skip_word("or")) {
      const double other = both();
      value = value != 0 ? value : other;
    }
    return value;
  }
  double both() {
    double value = negated();
    while (skip_word("and")) {
      const double other = negated();
      value = value != 0 ? other : value;
    }
    return value;
  }
  double negated() {
    const nesting deeper(*this);
    if (!skip_word("not")) return compared();
    return negated() == 0 ? 1 : 0;
  }

  double compared() {
    double left = alternatives();
    bool holds = true;
    bool is_comparison = false;
    for (;;) {
      const std::string_view how = comparison();
      if (how.empty()) return is_comparison ? (holds ? 1 : 0) : left;
      const double right = alternatives();
      holds = holds && compare(left, how, right);
      is_comparison = true;
      left = right;
    }
  }
  std::string_view comparison() {
    for (const std::string_view each : {"==", "!=", "<=", ">=", "<", ">"}) {
      skip_blanks();
      const bool is_shift = rest_.starts_with("<<") || rest_.starts_with(">>");
      if (!is_shift && skip(each)) return each;
    }
    return {};
  }
  static bool compare(double left, std::string_view how, double right) {
    if (how == "==") return left == right;
    if (how == "!=") return left != right;
    if (how == "<=") return left <= right;
    if (how == ">=") return left >= right;
    return how == "<" ? left < right : left > right;
  }

  double alternatives() {
    double value = masked();
    while (skip("|")) value = static_cast<double>(bits(value) | bits(masked()));
    return value;
  }
  double masked() {
    double value = shifted();
    while (skip("&")) value = static_cast<double>(bits(value) & bits(shifted()));
    return value;
  }
  double shifted() {
    double value = sum();
    for (;;) {
      if (skip("<<")) {
        value = std::ldexp(value, shift());
      } else if (skip(">>")) {
        value = std::floor(std::ldexp(value, -shift()));
      } else {
        return value;
      }
    }
  }
  int shift() { return static_cast<int>(std::clamp<std::int64_t>(bits(sum()), -4096, 4096)); }
  double sum() {
    double value = product();
    for (;;) {
      if (skip("+")) {
        value += product();
      } else if (skip("-")) {
        value -= product();
      } else {
        return value;
      }
    }
  }
  double product() {
    double value = signed_one();
    for (;;) {
      if (skip("*")) {
        value *= signed_one();
      } else if (skip("//")) {
        value = std::floor(value / signed_one());
      } else if (skip("/")) {
        value /= signed_one();
      } else if (skip("%")) {
        const double by = signed_one();
        value -= by * std::floor(value / by);
      } else {
        return value;
      }
    }
  }
  double signed_one() {
    const nesting deeper(*this);
    return skip("-") ? -signed_one() : one();
  }

  double one() {
    if (skip("(")) {
      const double value = either();
      if (!skip(")")) fail();
      return value;
    }
    skip_blanks();
    if (!rest_.empty() && (is_digit(rest_[0]) || rest_[0] == '.')) return number();
    const std::string_view name = take_name();
    if (name.empty()) fail();
    if (skip("(")) return call(name);
    if (name == "True" || name == "False") return name == "True" ? 1 : 0;
    const std::optional<double> value = look_(name);
    if (!value) throw unsupported("the value of " + std::string(name));
    return *value;
  }

  double number() {
    double value = 0;
    const char* const end = rest_.data() + rest_.size();
    const char* stopped = rest_.data();
    if (rest_.starts_with("0x")) {
      std::uint64_t whole = 0;
      stopped = std::from_chars(rest_.data() + 2, end, whole, 16).ptr;
      value = static_cast<double>(whole);
    } else {
      stopped = std::from_chars(rest_.data(), end, value).ptr;
    }
    if (stopped == rest_.data()) fail();
    rest_.remove_prefix(static_cast<std::size_t>(stopped - rest_.data()));
    return value;
  }

  double call(std::string_view name) {
    std::vector<double> given;
    do {
      given.push_back(either());
    } while (skip(","));
    if (!skip(")")) fail();
    if (name == "abs" && given.size() == 1) return std::abs(given[0]);
    if (name == "int" && given.size() == 1) return std::trunc(given[0]);
    if (name == "min" && given.size() == 2) return std::min(given[0], given[1]);
    if (name == "max" && given.size() == 2) return std::max(given[0], given[1]);
    throw unsupported("the function " + std::string(name) + "() of Python");
  }

  // What no integer can be is one all the same, and not the end of the program.
  static std::int64_t bits(double value) {
    constexpr double most = 1LL << 53;
    return std::isnan(value) ? 0 : static_cast<std::int64_t>(std::clamp(value, -most, most));
  }

  void skip_blanks() {
    while (!rest_.empty() && (is_blank(rest_[0]) || rest_[0] == '\\')) rest_.remove_prefix(1);
  }
  bool skip(std::string_view mark) {
    skip_blanks();
    if (!rest_.starts_with(mark)) return false;
    rest_.remove_prefix(mark.size());
    return true;
  }
  bool skip_word(std::string_view word) {
    skip_blanks();
    const bool goes_on = rest_.size() > word.size() &&
                         (is_letter(rest_[word.size()]) || is_digit(rest_[word.size()]));
    return !goes_on && skip(word);
  }
  std::string_view take_name() {
    std::size_t length = 0;
    while (length < rest_.size() && (is_letter(rest_[length]) || is_digit(rest_[length]))) ++length;
    const std::string_view name = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return name;
  }
  [[noreturn]] void fail() const { throw unsupported("the Python '" + std::string(all_) + "'"); }

  std::string_view all_;
  std::string_view rest_;
  const assertions::lookup& look_;
  int depth_ = 0;
};

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.starts_with(word) && (text.size() == word.size() ||
                                    !(is_letter(text[word.size()]) || is_digit(text[word.size()])));
}

// `name = value`, and no comparison.
std::size_t assignment_in(std::string_view statement) {
  std::size_t end = 0;
  while (end < statement.size() && (is_letter(statement[end]) || is_digit(statement[end]))) ++end;
  std::size_t equals = end;
  while (equals < statement.size() && is_blank(statement[equals])) ++equals;
  const std::string_view rest = statement.substr(std::min(equals, statement.size()));
  return end != 0 && rest.starts_with('=') && !rest.starts_with("==") ? equals : 0;
}

}  // namespace

void assertions::check(std::string_view code) {
  const lookup look = [this](std::string_view name) -> std::optional<double> {
    const auto found = named_.find(name);
    return found != named_.end() ? found->second : look_(name);
  };
  for (const std::string& each : parts_of(code, "\n;")) {
    const std::string_view statement = trimmed(each);
    if (statement.empty() || starts_with_word(statement, "print") ||
        starts_with_word(statement, "pass")) {
      continue;
    }
    if (starts_with_word(statement, "assert")) {
      const std::string condition = parts_of(statement.substr(6), ",").front();
      if (evaluator(trimmed(condition), look).whole() == 0) {
        throw mismatch("'" + std::string(trimmed(condition)) + "'", "the opposite");
      }
    } else if (const std::size_t equals = assignment_in(statement)) {
      const std::string_view name = trimmed(statement.substr(0, equals));
      named_[std::string(name)] = evaluator(trimmed(statement.substr(equals + 1)), look).whole();
    } else {
      throw unsupported("the Python '" + std::string(statement) + "'");
    }
  }
}

}  // namespace pentad::packet_scripts
