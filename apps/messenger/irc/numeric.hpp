// The numeric replies that the server gives, with the texts of the Modern IRC Client Protocol,
// "Numerics". A numeric is a number, and what its last parameter is.
#pragma once

#include <string_view>

namespace pentad::messenger::irc {

struct numeric {
  enum class ending {
    fixed,  ///< `text` ends every such reply
    free,   ///< the last parameter given is a text of any kind
    plain,  ///< the last parameter given is a name or a number like the others
  };

  std::string_view code;
  ending last = ending::fixed;
  std::string_view text = {};
};

// Registration
inline constexpr numeric rpl_welcome{"001", numeric::ending::free};
inline constexpr numeric rpl_yourhost{"002", numeric::ending::free};
inline constexpr numeric rpl_created{"003", numeric::ending::free};
inline constexpr numeric rpl_myinfo{"004", numeric::ending::plain};
inline constexpr numeric rpl_isupport{"005", numeric::ending::fixed,
                                      "are supported by this server"};

// LUSERS
inline constexpr numeric rpl_luserclient{"251", numeric::ending::free};
inline constexpr numeric rpl_luserunknown{"253", numeric::ending::fixed, "unknown connection(s)"};
inline constexpr numeric rpl_luserchannels{"254", numeric::ending::fixed, "channels formed"};
inline constexpr numeric rpl_luserme{"255", numeric::ending::free};
inline constexpr numeric rpl_localusers{"265", numeric::ending::free};
inline constexpr numeric rpl_globalusers{"266", numeric::ending::free};

// MOTD
inline constexpr numeric rpl_motd{"372", numeric::ending::free};
inline constexpr numeric rpl_motdstart{"375", numeric::ending::free};
inline constexpr numeric rpl_endofmotd{"376", numeric::ending::fixed, "End of /MOTD command."};

// People
inline constexpr numeric rpl_umodeis{"221", numeric::ending::plain};
inline constexpr numeric rpl_whoisuser{"311", numeric::ending::free};
inline constexpr numeric rpl_whoisserver{"312", numeric::ending::free};
inline constexpr numeric rpl_endofwho{"315", numeric::ending::fixed, "End of WHO list"};
inline constexpr numeric rpl_whoisidle{"317", numeric::ending::fixed, "seconds idle, signon time"};
inline constexpr numeric rpl_endofwhois{"318", numeric::ending::fixed, "End of /WHOIS list"};
inline constexpr numeric rpl_whoischannels{"319", numeric::ending::free};
inline constexpr numeric rpl_whoreply{"352", numeric::ending::free};

// Channels
inline constexpr numeric rpl_channelmodeis{"324", numeric::ending::plain};
inline constexpr numeric rpl_creationtime{"329", numeric::ending::plain};
inline constexpr numeric rpl_notopic{"331", numeric::ending::fixed, "No topic is set"};
inline constexpr numeric rpl_topic{"332", numeric::ending::free};
inline constexpr numeric rpl_topicwhotime{"333", numeric::ending::plain};
inline constexpr numeric rpl_namreply{"353", numeric::ending::free};
inline constexpr numeric rpl_endofnames{"366", numeric::ending::fixed, "End of /NAMES list"};
inline constexpr numeric rpl_endofbanlist{"368", numeric::ending::fixed, "End of channel ban list"};

// Errors
inline constexpr numeric err_nosuchnick{"401", numeric::ending::fixed, "No such nick/channel"};
inline constexpr numeric err_nosuchserver{"402", numeric::ending::fixed, "No such server"};
inline constexpr numeric err_nosuchchannel{"403", numeric::ending::fixed, "No such channel"};
inline constexpr numeric err_cannotsendtochan{"404", numeric::ending::fixed,
                                              "Cannot send to channel"};
inline constexpr numeric err_toomanychannels{"405", numeric::ending::fixed,
                                             "You have joined too many channels"};
inline constexpr numeric err_toomanytargets{"407", numeric::ending::fixed, "Too many targets"};
inline constexpr numeric err_noorigin{"409", numeric::ending::fixed, "No origin specified"};
inline constexpr numeric err_invalidcapcmd{"410", numeric::ending::fixed, "Invalid CAP command"};
inline constexpr numeric err_norecipient{"411", numeric::ending::free};
inline constexpr numeric err_notexttosend{"412", numeric::ending::fixed, "No text to send"};
inline constexpr numeric err_inputtoolong{"417", numeric::ending::fixed, "Input line was too long"};
inline constexpr numeric err_unknowncommand{"421", numeric::ending::fixed, "Unknown command"};
inline constexpr numeric err_nomotd{"422", numeric::ending::fixed, "MOTD File is missing"};
inline constexpr numeric err_nonicknamegiven{"431", numeric::ending::fixed, "No nickname given"};
inline constexpr numeric err_erroneusnickname{"432", numeric::ending::fixed, "Erroneus nickname"};
inline constexpr numeric err_nicknameinuse{"433", numeric::ending::fixed,
                                           "Nickname is already in use"};
inline constexpr numeric err_usernotinchannel{"441", numeric::ending::fixed,
                                              "They aren't on that channel"};
inline constexpr numeric err_notonchannel{"442", numeric::ending::fixed,
                                          "You're not on that channel"};
inline constexpr numeric err_notregistered{"451", numeric::ending::fixed,
                                           "You have not registered"};
inline constexpr numeric err_needmoreparams{"461", numeric::ending::fixed, "Not enough parameters"};
inline constexpr numeric err_alreadyregistered{"462", numeric::ending::fixed,
                                               "You may not reregister"};
inline constexpr numeric err_passwdmismatch{"464", numeric::ending::fixed, "Password incorrect"};
inline constexpr numeric err_invalidusername{"468", numeric::ending::fixed,
                                             "Your username is not valid"};
inline constexpr numeric err_channelisfull{"471", numeric::ending::fixed,
                                           "Cannot join channel (+l)"};
inline constexpr numeric err_unknownmode{"472", numeric::ending::fixed,
                                         "is unknown mode char to me"};
inline constexpr numeric err_badchannelkey{"475", numeric::ending::fixed,
                                           "Cannot join channel (+k)"};
inline constexpr numeric err_chanoprivsneeded{"482", numeric::ending::fixed,
                                              "You're not channel operator"};
inline constexpr numeric err_umodeunknownflag{"501", numeric::ending::fixed, "Unknown MODE flag"};
inline constexpr numeric err_usersdontmatch{"502", numeric::ending::fixed,
                                            "Cant change mode for other users"};
inline constexpr numeric err_invalidmodeparam{"696", numeric::ending::free};

}  // namespace pentad::messenger::irc
