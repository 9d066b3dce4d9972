export interface SeededLine {
  from: 'andrewbrown' | 'bayko';
  /** More than 0, except for the first. */
  minutesAfterPrevious: number;
  text: string;
}

const by = (from: SeededLine['from']) => (minutesAfterPrevious: number, text: string) => ({
  from,
  minutesAfterPrevious,
  text,
});
const andrew = by('andrewbrown');
const bayko = by('bayko');

/** Sample data for a first look at the app: two people plan a weather balloon. */
export const CONVERSATION: readonly SeededLine[] = [
  andrew(0, 'Bayko! Are you still the person who owns a soldering iron and no sense of caution?'),
  bayko(3, 'I own two irons now. The caution is on back order.'),
  andrew(0.6, 'Good.'),
  andrew(
    0.4,
    'The library wants something for its science month, and I said, out loud, in a meeting: a weather balloon.',
  ),
  andrew(0.3, 'Out loud. In a meeting. With minutes being taken.'),
  bayko(2, '😂'),
  bayko(0.5, 'How high?'),
  andrew(1, 'I said “the edge of space”. I may have pointed at the ceiling.'),
  bayko(
    1.5,
    'So thirty kilometres, give or take. It is doable. People do it with a latex balloon, a parachute, a foam box and a tracker. The hard part is never going up, it is finding the box afterwards.',
  ),
  andrew(0.8, 'Finding things is what libraries are for.'),
  bayko(0.5, 'Put that on the poster.'),
  andrew(4, 'How many children can hold one balloon?'),
  bayko(0.7, 'None. None children.'),
  andrew(0.3, '👍'),

  bayko(
    196,
    'I could not leave it alone over lunch. A first list:\n\n1. Balloon, 600 g latex\n2. Parachute, the orange kind\n3. Foam box with a lid\n4. Tracker, plus a second one that shares nothing with the first\n5. Camera\n6. Pressure, temperature, humidity\n7. Helium, about 2 m³\n8. Permission. From everybody.',
  ),
  andrew(11, 'What does the second tracker share nothing *for*?'),
  bayko(1.2, 'If both hang on one battery, you have one tracker and a passenger.'),
  andrew(0.9, 'I am writing these down, you know.'),
  bayko(38, 'Do we have a budget?'),
  andrew(2, 'Four hundred, and a promise of sandwiches.'),
  bayko(0.6, 'What kind of sandwiches?'),
  andrew(0.4, 'Undefined.'),
  bayko(0.5, 'Then I estimate four hundred minus undefined.'),

  andrew(
    2111,
    'Permission, news of. I wrote to the people for airspace and they are, against every expectation, lovely. They need the place, a window of three hours, the weight of the box, and the name of a person who answers the telephone on the day. Their notice page is https://example.org/airspace/notices and ours will be on it, with a number. We get a *number*, Bayko.',
  ),
  bayko(24, 'What weight did you tell them?'),
  andrew(1, 'None yet. That is a question for the man with the irons.'),
  bayko(3, 'Under 850 g, everything that is not the balloon itself. Tell them 850.'),
  andrew(0.7, 'Done. 850.'),
  andrew(2, 'Also they asked for a contact and I put “Andrew”. You see the problem.'),
  bayko(1.4, 'Which Andrew?'),
  andrew(0.3, 'That is exactly what she said.'),
  bayko(0.8, 'Tell her: the one who is on the ground.'),
  andrew(1.1, 'We will both be on the ground. I hope.'),
  bayko(0.5, '🤞'),

  bayko(143, 'Sensor board works on the bench. Altitude from pressure, until the air is too thin to believe:'),
  bayko(0.4, 'altitude = 44330 * (1 - (p / p0) ** 0.1903)  // metres; no better than a guess above 11 km'),
  andrew(6, 'I understood “metres” and “guess”.'),
  bayko(0.8, 'Then you have understood meteorology.'),
  andrew(
    52,
    'Where do we let it go? I asked Señor Núñez, with the big field behind the water tower. He says yes, as long as his goats are told in advance.',
  ),
  andrew(0.6, 'I promised that the goats would be told.'),
  bayko(9, 'The field is good. No wires on the west side. Who tells the goats?'),
  andrew(0.5, 'Zoë from the reading club. She has a voice for animals.'),
  bayko(0.7, '🐐🐐🐐'),

  andrew(588, 'Slept badly, thought about wind. Suppose it comes down in the lake?'),
  bayko(
    47,
    'That is what the predictor is for. You give it the place, the time, how fast it climbs and the height at which it bursts, and it draws the path from the forecast: https://example.com/predictor?lat=44.12&lon=-79.53&ascent=5&burst=30000\n\nWith the winds of this week: right into the lake.',
  ),
  andrew(1, 'BAYKO'),
  bayko(0.6, 'With the winds of next week: forests, two farms, and a golf course.'),
  andrew(0.5, 'You could have opened with next week.'),
  bayko(0.4, 'I could.'),
  andrew(3, 'A golf course is a perfectly good place to find a white box among white balls.'),
  bayko(1, 'We are painting it orange. Also on the poster: “If found, harmless”. With a telephone number.'),
  andrew(0.6, 'Which Andrew’s?'),
  bayko(0.3, '…'),

  bayko(
    312,
    'Long one, so that it is written down somewhere. How the day goes. Two hours before: we lay out the tarpaulin, weigh everything on the kitchen scale, and write the weights on the lid. Ninety minutes before: both trackers on, outside, until each has seen the sky and sent three positions that agree. If they do not agree, nobody opens the helium. One hour before: gloves, and the balloon comes out; from then on no rings, no fingernails, no dogs, no goats. We fill until it lifts the box and half a kilo on top, measured with the fish scale. Half an hour before: you telephone the airspace people, say our number, and wait for the word. Then tape, cable ties, more tape. Ten minutes before: camera on, lid shut, everybody reads the checklist aloud, one item each, the youngest first. Nobody ticks an item they have not touched. Then the countdown, from ten, in as many languages as we have people. After that we are a car with a map and a thermos, and I drive, because you look at the sky while you drive. I have seen it.',
  ),
  andrew(18, 'That is the most beautiful thing anyone has sent me this year.'),
  andrew(0.5, 'I look at the sky *at red lights*.'),
  bayko(0.9, 'There was no light, Andrew. It was a roundabout.'),
  andrew(26, 'Yasmin has printed it for the wall. She asks whether “no goats” goes above or below “no dogs”.'),
  bayko(2, 'Alphabetical. It is a library.'),

  andrew(
    3584,
    'Helium! The shop wants an order in writing, by mail, with the size of the bottle. Can you? It is gas@example.org, say that it is for the library.',
  ),
  bayko(15, 'Written. I asked for the 10 litre bottle, it holds about 2 m³ at 200 bar.'),
  andrew(
    33,
    'They have just called me to ask why a library needs ten litres of helium when a party balloon takes fourteen.',
  ),
  bayko(1, 'Ten litres of *bottle*.'),
  andrew(0.5, 'I know that now. For about a minute we had the saddest balloon in history.'),
  andrew(0.3, '🎈'),
  bayko(0.4, 'Picture it, tied to 850 grams.'),
  andrew(0.7, 'A box with a hat.'),
  bayko(0.5, '💀'),

  bayko(
    255,
    'Weighed it all tonight. Box 210, trackers 160 with batteries, sensors 95, parachute 120, cords and tape 70, camera 245.',
  ),
  bayko(0.6, 'Nine hundred. Fifty too many.'),
  andrew(2, 'Can we tell them 900?'),
  bayko(1.3, 'We could. But at 900 it climbs more slowly, drifts further, and the lake is back on the map.'),
  andrew(1, 'Hmm.'),
  bayko(14, 'I dropped the camera.'),
  andrew(0.6, 'WHAT'),
  andrew(0.3, 'From how high'),
  andrew(0.4, 'Is it the good one? The one that the friends of the library paid for? I have to call Mrs. Okonkwo'),
  bayko(9, 'Sorry, was washing flux off my hands.'),
  bayko(0.4, 'Dropped as in: took it off the list. It is on the table. It is fine. It has not moved.'),
  andrew(0.6, 'I had already stood up. I had my coat on.'),
  bayko(0.5, 'I shall use “removed” from now on.'),
  andrew(0.8, 'Please do. “Dropped” is a word with a direction, for a thing that we hang under a balloon.'),
  bayko(0.6, 'Agreed. Glossary entry one.'),

  andrew(
    612,
    'I have been thinking about the camera, now that my pulse is back. The children will come for the launch and the box, but what they will talk about for years is the picture: the curve, the black sky, that thin blue line which is all the air there is. If we fly without it we have a very good table of numbers and I will love it, and I will be alone with you in that. Is there any other fifty grams? What weighs fifty grams, Bayko? Is there really nothing in that box that is there because it always was?',
  ),
  bayko(41, 'The lid.'),
  andrew(0.7, 'The lid?'),
  bayko(
    1.6,
    'It is 4 cm foam because the box came like that. Łukasz has 2 cm foam from his beehives, same stuff, holds a bee at 35 degrees in January. Half the lid and the floor, minus 38 g. And I cut the second cable to length instead of rolling it up like a coward. Minus 14.',
  ),
  bayko(0.5, '848 g. With camera.'),
  andrew(0.4, '🎉🎉🎉'),
  andrew(0.3, 'I take back what I said about direction. You may drop anything you like.'),
  bayko(0.6, 'Two grams to spare. Do not let anybody sign the box with a marker.'),
  andrew(1.2, '…how much does a signature weigh?'),
  bayko(0.4, 'How many signatures?'),
  andrew(0.5, 'Thirty-one.'),
  bayko(3, 'I weighed one on the letter scale. Less than it can see. Sign away.'),
  andrew(0.6, 'You are a good man with a small scale.'),

  bayko(
    187,
    'Bug of the day, found by Yasmin, who is fourteen and reads code like other people read cereal boxes. Near the top the receiver loses a satellite now and then, and my program took “no position” for “position zero”. It would have told us, quite calmly, that the box was in the sea off West Africa. Now it says:',
  ),
  bayko(0.3, 'if (fix.satellites < 4) return lastGoodFix;'),
  andrew(8, 'Give that girl a library card. She has one. Give her another.'),
  andrew(2, 'She wants to write on the lid in Arabic, for her grandmother. I said of course. This is it:'),
  andrew(0.4, 'السماء ليست بعيدة لمن ينظر إليها كل يوم'),
  bayko(1.5, 'What does it mean?'),
  andrew(
    0.8,
    '“The sky is not far for those who look at it every day.” Her grandmother says it when somebody misses the bus.',
  ),
  bayko(0.7, 'That goes on the lid, large.'),
  bayko(0.3, 'And on the roundabout.'),

  andrew(
    1985,
    'Forecast: hardly any wind down here, forty at altitude, steady from the west. The predictor says the second farm. Airspace says our number is live: https://example.org/airspace/notices/1174',
  ),
  bayko(6, 'Batteries full, both. Thermos full. Car half full, stopping for that.'),
  andrew(0.5, 'Goats?'),
  bayko(0.4, 'Told. Zoë says that one of them asked questions.'),
  andrew(31, 'I am in the field. It is so quiet. There are forty people here, and a dog, who is leaving.'),
  bayko(
    12,
    'Tracker one sees nine satellites, tracker two sees eight. They agree to within three metres. Open the helium.',
  ),
  andrew(58, 'They said go, Bayko. She said “Go, Andrew” and I did not ask which.'),
  bayko(0.3, '🎈'),
  andrew(0.2, '🎈🎈🎈'),

  bayko(21, '6,100 m, climbing at 5.2 a second, minus 24 outside, plus 9 in the box. The bees’ foam works.'),
  andrew(0.8, 'I can read it in the passenger seat. I am IN the passenger seat. You are driving. Why are you writing?'),
  bayko(4, 'Petrol station. Engine off. Do you want crisps?'),
  andrew(0.2, 'Yes'),
  andrew(
    72,
    'For the record, while you argue with the satnav: the reading room says 29,870 m, and then falling. It burst, and the whole room cheered for something breaking.',
  ),
  andrew(0.6, 'I can hear them on the telephone. Mrs. Okonkwo is crying. In the good way.'),
  bayko(39, 'Last position: 44.2071, -79.1188. Walk east from the gate, I park and follow. Take the orange vest.'),
  andrew(13, 'I see orange'),
  andrew(0.3, 'I SEE ORANGE'),
  andrew(0.5, 'It is in an apple tree, Bayko. At the height of my hand. It is just hanging there, like an apple.'),
  bayko(0.7, 'Do not drop it.'),
  andrew(0.3, '😂😂😂'),

  andrew(
    338,
    'The pictures are all up, 1,912 of them, and most are of the inside of a cloud: https://example.com/albums/science-month\n\nNumber 1,304 is the one. You can see the lake, the curve, the black above it, and in the corner, upside down, half of Yasmin’s sentence on the lid. Her grandmother has already telephoned the library twice to ask for a print, à la taille d’une porte, she said, the size of a door. Señor Núñez wants one for the goats.',
  ),
  bayko(22, 'I have been looking at 1,304 for a quarter of an hour and my tea is cold.'),
  bayko(0.5, 'The table of numbers is very good too.'),
  andrew(0.6, 'I read it. All of it. You are not alone with it.'),
  andrew(95, 'By the way, they took minutes again today. I may have said the word “telescope”.'),
  bayko(3, 'How large?'),
  andrew(0.7, 'I pointed at the ceiling.'),
  bayko(1.2, 'I will heat the iron. Both.'),
];
