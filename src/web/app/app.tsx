import { useEffect } from 'preact/hooks';
import { logOut } from './api.ts';
import { Health } from './health.tsx';
import { Login } from './login.tsx';
import { addressOf, followInside, route, VIEWS } from './route.ts';
import { isConnected, openLives, session } from './state.ts';
import { LANGUAGES, type Language, language, setLanguage, t } from './text.ts';
import { THEMES, type Theme, theme } from './theme.ts';
import { Timeline } from './timeline.tsx';
import { Wall } from './wall.tsx';

export function App() {
  const { view } = route.value;
  useEffect(() => {
    document.title = `${t(`nav.${view}`)} · ${t('app.title')}`;
  }, [view, language.value]);
  if (session.value === undefined) return null;
  if (session.value.role === null) return <Login />;
  return (
    <>
      <a class="skip" href="#content">
        {t('app.skip')}
      </a>
      <TopBar />
      {!isConnected.value && (
        <p class="lost" role="status">
          {t('app.lost')}
        </p>
      )}
      <main id="content" tabIndex={-1}>
        {view === 'wall' && <Wall />}
        {view === 'events' && <Timeline />}
        {view === 'health' && <Health />}
      </main>
    </>
  );
}

function TopBar() {
  const { view } = route.value;
  return (
    <header class="top">
      <a class="brand" href={addressOf('wall')} onClick={followInside}>
        <Mark /> Falconet
      </a>
      <nav aria-label={t('nav.label')}>
        {VIEWS.map((name) => (
          <a
            key={name}
            href={addressOf(name)}
            onClick={followInside}
            {...(name === view && { 'aria-current': 'page' as const })}
          >
            {t(`nav.${name}`)}
            {name === 'events' && openLives.value.length > 0 && (
              <span class="count">{openLives.value.length}</span>
            )}
          </a>
        ))}
      </nav>
      <div class="settings">
        <select
          aria-label={t('nav.language')}
          value={language.value}
          onChange={(event) => setLanguage(event.currentTarget.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label={t('nav.theme')}
          value={theme.value}
          onChange={(event) => {
            theme.value = event.currentTarget.value as Theme;
          }}
        >
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {t(`nav.theme.${name}`)}
            </option>
          ))}
        </select>
        {session.value?.user != null && (
          <button type="button" onClick={() => void leave()}>
            {t('nav.logout')}
          </button>
        )}
      </div>
    </header>
  );
}

/** Whoever's session it was, nothing of it stays in the page. */
async function leave(): Promise<void> {
  await logOut();
  location.assign(addressOf('wall'));
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M6 10V6h4M22 6h4v4M26 22v4h-4M10 26H6v-4"
        fill="none"
        stroke="currentColor"
        stroke-width="2.6"
      />
      <circle cx="16" cy="16" r="4.5" fill="currentColor" />
    </svg>
  );
}
