#include "apps/packet_scripts/expression_parser.hpp"

namespace pentad::packet_scripts {
namespace {

using kind = expression::kind;

// No script nests deeper; the text of a stranger might.
constexpr unsigned deepest = 16;

class expression_parser {
 public:
  expression_parser(token_reader& from, unsigned depth) : from_(from), depth_(depth) {
    if (depth > deepest) throw malformed(from.peek().at, "expressions are nested too deeply");
  }

  // Alternatives bind loosest.
  expression whole() {
    expression first = one();
    if (!from_.at_mark('|')) return first;
    expression either{.what = kind::either, .number = 0, .text = {}, .parts = {}, .at = first.at};
    either.parts.push_back(std::move(first));
    while (from_.skip_mark('|')) either.parts.push_back(one());
    return either;
  }

  // Up to `end`, which is taken.
  std::vector<expression> up_to(char end) {
    std::vector<expression> parts;
    if (from_.skip_mark(end)) return parts;
    do {
      parts.push_back(expression_parser(from_, depth_ + 1).whole());
    } while (from_.skip_mark(','));
    from_.expect_mark(end);
    return parts;
  }

 private:
  expression one() {
    const token first = from_.peek();
    expression read{.what = kind::any, .number = 0, .text = {}, .parts = {}, .at = first.at};
    switch (first.what) {
      case token::kind::ellipsis:
        from_.take();
        return read;
      case token::kind::integer:
        read.what = kind::integer;
        read.number = integer_of(from_.take());
        return read;
      case token::kind::text:
        read.what = kind::text;
        while (from_.peek().is(token::kind::text)) read.text += from_.take().text;
        if (from_.peek().is(token::kind::ellipsis)) from_.take();  // what was cut from the text
        return read;
      case token::kind::word:
        return word(std::move(read));
      default:
        break;
    }
    if (from_.skip_mark('[')) {
      read.what = kind::list;
      read.parts = up_to(']');
    } else if (from_.skip_mark('{')) {
      read.what = kind::structure;
      read.parts = up_to('}');
    } else {
      from_.fail("an argument");
    }
    return read;
  }

  // A symbol, a field, or a call.
  expression word(expression read) {
    read.what = kind::word;
    read.text = from_.take().text;
    if (from_.skip_mark('(')) {
      read.what = kind::call;
      read.parts = up_to(')');
    }
    if (!from_.skip_mark('=')) return read;
    read.what = kind::field;
    read.parts.insert(read.parts.begin(), expression_parser(from_, depth_ + 1).whole());
    return read;
  }

  token_reader& from_;
  unsigned depth_;
};

}  // namespace

expression parse_expression(token_reader& from) { return expression_parser(from, 0).whole(); }

std::vector<expression> parse_arguments(token_reader& from) {
  from.expect_mark('(');
  return expression_parser(from, 0).up_to(')');
}

}  // namespace pentad::packet_scripts
