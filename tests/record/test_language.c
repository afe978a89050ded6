#include "support/test.h"

#include "record/language.h"

static struct wordtable table;
static struct known known;
static struct tokens *tokens;

static int start(void **state)
{
    (void)state;
    language_words(&table);
    wordtable_build(&table);
    return tokens_new(&tokens) != STATUS_OK;
}

static int stop(void **state)
{
    (void)state;
    tokens_free(tokens);
    return 0;
}

static enum language language(const char *text)
{
    tokens_reset(tokens);
    tokens_add(tokens, span_of(text));
    known_find(&table, tokens, &known);
    return language_of(&known, span_of(text), tokens);
}

static void latin_languages_are_told_by_their_common_words(void **state)
{
    (void)state;
    assert_int_equal(language("Write a function that merges the two lists and returns the result."), LANG_EN);
    assert_int_equal(
        language("Schreibe bitte eine Funktion, die das größte Element der Liste findet."), LANG_DE);
    assert_int_equal(
        language("Quelle est la différence entre les deux méthodes pour trier une liste ?"), LANG_FR);
    assert_int_equal(
        language("¿Cuál es la diferencia entre los dos métodos y por qué es más rápido el primero?"),
        LANG_ES);
    assert_int_equal(
        language("Qual é a diferença entre os dois métodos e por que não usar o primeiro?"), LANG_PT);
    assert_int_equal(
        language("Qual è la differenza tra il primo metodo e gli altri, e come si usa nella pratica?"),
        LANG_IT);
    assert_int_equal(
        language("Wat is het verschil tussen de twee en hoe kan ik dat in een lijst zetten?"), LANG_NL);
}

static void other_scripts_are_told_by_their_letters(void **state)
{
    (void)state;
    assert_int_equal(language("请写一个函数,合并两个有序列表。"), LANG_ZH);
    assert_int_equal(language("二つのリストを結合する関数を書いてください。"), LANG_JA);
    assert_int_equal(language("두 개의 정렬된 리스트를 병합하는 함수를 작성하세요."), LANG_KO);
    assert_int_equal(language("Напиши функцию, которая объединяет два списка."), LANG_RU);
    assert_int_equal(language("اكتب دالة تدمج قائمتين مرتبتين"), LANG_AR);
    assert_int_equal(language("दो सूचियों को मिलाने वाला फ़ंक्शन लिखें"), LANG_HI);
    assert_int_equal(language("γράψε μια συνάρτηση"), LANG_OTHER);
}

static void text_without_known_words_is_not_guessed(void **state)
{
    (void)state;
    assert_int_equal(language("x = 1"), LANG_UNKNOWN);
    assert_int_equal(language(""), LANG_UNKNOWN);
    assert_int_equal(
        language("Kirjoita funktio joka yhdistää kaksi järjestettyä luetteloa yhdeksi suureksi listaksi "
                 "ilman ylimääräistä muistia taikka kirjastoja"),
        LANG_OTHER_LATIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latin_languages_are_told_by_their_common_words),
        cmocka_unit_test(other_scripts_are_told_by_their_letters),
        cmocka_unit_test(text_without_known_words_is_not_guessed),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
