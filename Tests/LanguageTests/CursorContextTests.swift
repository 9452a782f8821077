import Testing

@testable import Language

@Suite struct CursorContextTests {
    @Test(arguments: [
        ("", CursorContext.Place.verb, ""),
        ("tu", .verb, "tu"),
        ("a; tu", .verb, "tu"),
        ("for k in 1..3\n  ev", .verb, "ev"),
        ("load ", .value(index: 0), ""),
        ("load cl", .value(index: 0), "cl"),
        ("load clip ./Wei", .value(index: 1), "./Wei"),
        ("tune s1 data=train ep", .value(index: 1), "ep"),
        ("tune s1 data=tr", .optionValue(key: "data"), "tr"),
        ("tune s1 train=[adapter, im", .optionValue(key: "train"), "im"),
        ("tune s1 train=[adapter] ", .value(index: 1), ""),
        ("compare a b", .value(index: 1), "b"),
        ("assert r.im", .expression, "r.im"),
        ("assert 1+r.im", .expression, "r.im"),
        ("x epochs=(2*$k", .expression, "$k"),
        ("print $k", .value(index: 0), "$k"),
        ("let k=$o", .value(index: 0), "$o"),
        ("let k", .nothing, "k"),
        ("load clip x as te", .nothing, "te"),
        ("for k in [te", .value(index: 0), "te"),
        ("x \"abc d", .nothing, "d"),
        ("x # comm", .nothing, "comm"),
    ])
    func place(text: String, place: CursorContext.Place, prefix: String) {
        let context = CursorContext.at(endOf: text)
        #expect(context.place == place)
        #expect(context.prefix == prefix)
    }

    @Test(arguments: [("", 0), ("if true; for k in 1..2; ", 2), ("if true; print 1; end; ", 0), ("for k in 1..2\n", 1)])
    func countsOpenBlocks(text: String, count: Int) {
        #expect(CursorContext.at(endOf: text).openBlocks == count)
    }

    @Test func remembersWhatIsUsed() {
        let context = CursorContext.at(endOf: "load pairs ./x.h5 split=train sets=[a] l")
        #expect(context.verb == "load")
        #expect(context.values == ["pairs", "./x.h5"])
        #expect(context.usedKeys == ["split", "sets"])
    }
}
