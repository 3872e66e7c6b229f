// A bot on irc-framework, led by its standard input: HOST PORT NICK. It prints what it hears.
const readline = require('readline');
const { Client } = require('irc-framework');

const [host, port, nick] = process.argv.slice(2);
const bot = new Client();
const tell = (...words) => console.log(words.join(' '));

bot.on('registered', () => tell('welcome'));
bot.on('userlist', () => tell('joined'));
bot.on('privmsg', (event) => {
  tell(event.target.startsWith('#') ? 'channel' : 'person', event.nick, event.message);
});
bot.connect({ host, port: Number(port), nick, auto_reconnect: false });

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [order, ...rest] = line.split(' ');
  if (order === 'join') bot.join('#lobby');
  if (order === 'say') bot.say('#lobby', rest.join(' '));
  if (order === 'write') bot.say(rest[0], rest.slice(1).join(' '));
});
