//! Passwords that everybody tries first. Shorter ones fail on length already.

/// Whether `password` is on the list, whatever the case of its letters.
pub(super) fn is_common(password: &str) -> bool {
    COMMON.binary_search(&password.to_lowercase().as_str()).is_ok()
}

/// In lower case and sorted, so that it can be searched.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "00000000", "0123456789", "0987654321", "11111111", "1111111111", "11112222", "11223344", "1122334455",
    "12121212", "12312312", "123123123", "12341234", "1234512345", "12345678", "123456789", "1234567890",
    "1234567891", "123456789a", "12345678a", "12345qwert", "123654789", "123qweasd", "123qweasdzxc", "147258369",
    "1q2w3e4r", "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx", "1qaz2wsx3edc", "1qazxsw2", "20202020", "22222222",
    "31415926", "33333333", "44444444", "55555555", "66666666", "741852963", "77777777", "789456123", "87654321",
    "88888888", "963852741", "987654321", "9876543210", "99999999", "a1234567", "a12345678", "a123456789", "aa123456",
    "aa12345678", "aaaaaaaa", "abc12345", "abc123456", "abcd1234", "abcd12345", "abcdefgh", "abcdefghi", "admin123",
    "admin1234", "admin12345", "administrator", "airplane", "alexander", "anthony1", "arsenal1", "asdasdasd",
    "asdf1234", "asdfasdf", "asdfghjk", "asdfghjkl", "assassin", "australia", "babygirl", "barcelona", "baseball",
    "baseball1", "basketball", "batman123", "benjamin", "blahblah", "bluebird", "brooklyn", "butterfly", "california",
    "carolina", "caroline", "changeme", "changeme1", "changeme123", "charlie1", "charlotte", "cheerleader",
    "chelsea1", "chicken1", "chocolate", "christian", "christina", "christopher", "cocacola", "computer", "computer1",
    "corvette", "courtney", "cowboys1", "creative", "danielle", "december", "default1", "diamond1", "dolphins",
    "dragon123", "drowssap", "dupadupa", "einstein", "elephant", "elizabeth", "estrella", "explorer", "facebook",
    "fireball", "football", "football1", "forever1", "freedom1", "friends1", "garfield", "gateway1", "geronimo",
    "goldfish", "google123", "grandma1", "greenday", "hannah12", "hardcore", "heather1", "hello123", "hello1234",
    "helloworld", "hermione", "hollywood", "iloveyou", "iloveyou!", "iloveyou1", "iloveyou123", "iloveyou2",
    "infinity", "internet", "isabella", "jackson1", "jasmine1", "jennifer", "jennifer1", "jessica1", "jonathan",
    "jordan23", "justin12", "juventus", "katherine", "kawasaki", "lakers24", "lavender", "leonardo", "letmein1",
    "letmein12", "letmein123", "liverpool", "liverpool1", "login123", "london12", "lovelove", "loveyou1", "madison1",
    "manchester", "marlboro", "marshall", "master12", "master123", "matthew1", "maverick", "mercedes", "michael1",
    "michelle", "michelle1", "midnight", "minecraft", "mohammed", "monkey12", "monkey123", "monster1", "montana1",
    "mustang1", "mypassword", "nicholas", "nicole12", "nintendo", "november", "p@ssw0rd", "p@ssword", "pa55word",
    "passw0rd", "passw0rd1", "password", "password!", "password0", "password01", "password1", "password1!",
    "password10", "password11", "password12", "password123", "password1234", "password12345", "password2",
    "password3", "patricia", "peekaboo", "pokemon1", "porsche1", "portugal", "precious", "princess", "princess1",
    "princess12", "q1w2e3r4", "q1w2e3r4t5", "q1w2e3r4t5y6", "qazwsx12", "qazwsx123", "qazwsxedc", "qazwsxedcrfv",
    "qwaszx12", "qweasd123", "qweasdzxc", "qweqweqwe", "qwer1234", "qwerasdf", "qwert123", "qwert12345", "qwerty00",
    "qwerty11", "qwerty12", "qwerty123", "qwerty1234", "qwerty12345", "qwerty123456", "qwertyui", "qwertyuiop",
    "qwertyuiop1", "rainbow1", "rangers1", "raspberry", "rootroot", "rosebud1", "rush2112", "samantha", "samantha1",
    "samsung1", "samsung123", "scarface", "scooby12", "scorpion", "secret12", "secret123", "september", "shadow12",
    "shadow123", "shopping", "slipknot", "snickers", "snowball", "snowboard", "softball", "softball1", "something",
    "spiderman", "spiderman1", "spongebob", "starwars", "starwars1", "steelers", "stephanie", "strawberry",
    "summer12", "summer123", "sunshine", "sunshine1", "superman", "superman1", "superstar", "swordfish", "targas12",
    "temp1234", "test1234", "test12345", "testtest", "thebeach", "thomas12", "thunder1", "tiffany1", "tigger12",
    "tinkerbell", "trinity1", "trustno1", "trustno1!", "twilight", "unicorn1", "valentina", "valentine", "vanessa1",
    "veronica", "victoria", "victoria1", "virginia", "volleyball", "warcraft", "welcome1", "welcome12", "welcome123",
    "welcome1234", "westside", "whatever", "whatever1", "winner12", "winston1", "wolverine", "wrestling", "xxxxxxxx",
    "yankees1", "yellow12", "yourmom1", "zaq12wsx", "zaq1xsw2", "zaq1zaq1", "zaqwsx123", "zxcasdqwe", "zxcvbn123",
    "zxcvbnm1", "zxcvbnm12", "zxcvbnm123", "zxczxczxc", "zzzzzzzz",
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_can_be_searched() {
        assert!(super::COMMON.is_sorted());
    }
}
